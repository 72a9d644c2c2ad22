"""`frappe.app.application`: the WSGI entry point, as programs and tests import it."""

import os

_site = None
_sites_path = os.environ.get("SITES_PATH")


def get_site_name(hostname: str) -> str:
    return hostname.split(":")[0]


def application(environ, start_response):
    """Answer for the site being served, else for the one this process opened, else for the request's host."""
    from embedded.host.site import opened
    from embedded.host.web import Application

    name, sites_path = opened()
    site = _site or name or get_site_name(environ.get("HTTP_HOST", ""))
    return Application(site, _sites_path or sites_path or ".")(environ, start_response)
