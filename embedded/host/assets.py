"""Static files: each app's `public` folder below /assets/<app>, and the plain desk's own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import werkzeug.utils
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

DESK = "embedded_desk"


def send(request: Request) -> Response:
    """A file below /assets/; it needs neither a session nor the database."""
    _empty, _assets, app, *rest = request.path.split("/")
    target = _folder(app).joinpath(*rest).resolve()
    if not target.is_relative_to(_folder(app)) or not target.is_file():
        return NotFound().get_response(request.environ)
    return werkzeug.utils.send_file(target, environ=request.environ, conditional=True, max_age=300)


def _folder(app: str) -> Path:
    if app == DESK:
        return Path(__file__).parent.resolve() / "desk" / "public"
    spec = find_spec(app) if app.isidentifier() else None
    if spec is None or spec.origin is None:
        return Path(__file__).parent.resolve() / "no such app"
    return Path(spec.origin).parent.resolve() / "public"
