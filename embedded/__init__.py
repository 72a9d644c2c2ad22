"""A host for trying and testing Subscription Plus without a bench; see embedded/README.md."""

import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent


def take_place() -> None:
    """Let `import frappe` and `import erpnext` find this host's packages.

    Raises:
        RuntimeError: a real Frappe is installed here; this host must never stand in for it.
    """
    found = find_spec("frappe")
    if found is not None and found.origin and HERE not in Path(found.origin).resolve().parents:
        raise RuntimeError(
            f"A real Frappe is installed ({found.origin}). The embedded host is for trying and testing "
            "without one and refuses to start beside it: use the bench, or another virtual environment."
        )
    for place in (str(HERE.parent), str(HERE)):
        if place in sys.path:
            sys.path.remove(place)
        sys.path.insert(0, place)
