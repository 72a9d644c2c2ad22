"""`python -m embedded`: puts the host's own `frappe` and `erpnext` in front, and runs its command line."""

import sys

from embedded import take_place


def main() -> int:
    take_place()
    from embedded.host.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
