"""Runs the app's tests under pytest on the embedded host: one throw-away site per session, no network, random order.

The same test files run on a bench under `bench run-tests`, which needs nothing of this.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from embedded import take_place  # noqa: E402  (found through the path above)

take_place()

_session: dict = {}


def pytest_configure(config: pytest.Config) -> None:
    """Close the network before anything is imported, so that no test can reach outside this machine.

    CI tries the same examples each time, so that a submission fails for what it changed; people's runs explore.
    """
    settings.register_profile("ci", derandomize=True)
    if os.environ.get("CI"):
        settings.load_profile("ci")
    socket.socket.connect = _local_only(socket.socket.connect)
    socket.socket.connect_ex = _local_only(socket.socket.connect_ex)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Connect before setUpClass runs. The engine's tests need no site, walks in a bench's Desk have another one."""
    if {"engine", "browser"} & set(item.path.relative_to(ROOT).parts):
        return
    if not _session:
        _open_test_site()
    import frappe

    frappe.set_user("Administrator")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _session:
        import frappe

        frappe.destroy()
        _session["folder"].cleanup()


def _open_test_site() -> None:
    from embedded.host.site import create_site, open_site

    folder = tempfile.TemporaryDirectory(prefix="subscription-plus-")
    path = Path(folder.name) / "test.localhost"
    create_site(path)
    open_site(path)
    _session["folder"] = folder

    import frappe

    frappe.flags.in_test = True
    frappe.set_user("Administrator")
    for hook in frappe.get_hooks("before_tests"):
        frappe.get_attr(hook)()
    frappe.db.commit()


def _local_only(connect):
    def guarded(self: socket.socket, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise ConnectionRefusedError(f"A test tried to reach {address[0]}: tests stay on this machine")
        return connect(self, address)

    return guarded


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
