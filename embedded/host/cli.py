"""The command line: `python -m embedded new-site|serve|hourly|console --site PATH`."""

from __future__ import annotations

import argparse
import code
import logging
import socket
import sys
from pathlib import Path

NOTICE = """\
This is the embedded host of Subscription Plus: for trying and testing, on this machine alone.
For real work install the app on a Frappe/ERPNext bench."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    options = _parser().parse_args(arguments)
    path = Path(options.site).resolve()
    commands = {"new-site": new_site, "serve": serve, "hourly": hourly, "console": console}
    return commands[options.command](path, options)


def new_site(path: Path, options: argparse.Namespace) -> int:
    from embedded.host.site import ADMIN_PASSWORD, create_site

    if path.exists() and any(path.iterdir()):
        print(f"{path} is not empty: a new site needs a folder of its own.", file=sys.stderr)
        return 1
    create_site(path)
    print(f"{NOTICE}\n\nSite made in {path}. Log in as Administrator, password {ADMIN_PASSWORD!r}.")
    return 0


def serve(path: Path, options: argparse.Namespace) -> int:
    """Serve the site on 127.0.0.1 until interrupted, with the scheduler running beside it."""
    from werkzeug.serving import make_server

    from embedded.host import clock, scheduler
    from embedded.host.site import ADMIN_PASSWORD, open_site

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    open_site(path)
    clock.load(path)
    import frappe

    from embedded.host.web import Application

    scheduler.start()
    port = options.port if _is_free(options.port) or options.port == 0 else _next_free(options.port)
    application = Application(frappe.local.site, frappe.local.sites_path)
    server = make_server("127.0.0.1", port, application, threaded=True)
    print(f"{NOTICE}\n")
    print(f"  http://127.0.0.1:{server.port}/app   log in as Administrator, password {ADMIN_PASSWORD!r}")
    for user, what in logins():
        print(f"  {user}, the same password: {what}")
    print("\nCtrl-C stops it.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        server.server_close()
        clock.save(path)
    return 0


def logins() -> list[tuple[str, str]]:
    """Other people of this site who can log in, with their roles, for the banner."""
    import frappe

    users = frappe.get_all(
        "User",
        filters={"enabled": 1, "name": ("not in", ("Administrator", "Guest"))},
        pluck="name",
        limit_page_length=8,
    )
    return [
        (user, ", ".join(sorted(set(frappe.get_roles(user)) - {"All", "Guest", "Desk User"})))
        for user in users
    ]


def hourly(path: Path, options: argparse.Namespace) -> int:
    """Run the hourly jobs once, at the site's time."""
    from embedded.host import clock
    from embedded.host.site import open_site

    open_site(path)
    clock.load(path)
    import frappe
    from frappe.utils.scheduler import run_event

    count = sum(run_event(kind) for kind in ("all", "hourly", "hourly_long"))
    frappe.db.commit()
    print(f"{count} jobs run at {frappe.utils.now()}.")
    return 0


def console(path: Path, options: argparse.Namespace) -> int:
    """A Python console with the site open as Administrator; commit by hand."""
    from embedded.host import clock
    from embedded.host.site import open_site

    open_site(path)
    clock.load(path)
    import frappe

    code.interact(
        banner=f"{NOTICE}\nfrappe is connected to {path}; frappe.db.commit() keeps changes.",
        local={"frappe": frappe},
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embedded", description=NOTICE)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("new-site", "make a site with Subscription Plus installed"),
        ("serve", "serve the site on 127.0.0.1"),
        ("hourly", "run the hourly jobs once"),
        ("console", "open a Python console on the site"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--site", default=".demo-site", help="the site's folder (default: %(default)s)")
        if name == "serve":
            command.add_argument(
                "--port", type=int, default=8000, help="the next free port is taken when it is in use"
            )
    return parser


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _next_free(port: int) -> int:
    return next(candidate for candidate in range(port + 1, port + 100) if _is_free(candidate))
