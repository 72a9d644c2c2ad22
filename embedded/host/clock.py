"""The host's clock: real time plus an offset, or standing still, so that months can pass in seconds."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

UTC = datetime.timezone.utc

_offset = datetime.timedelta(0)
_still: datetime.datetime | None = None


def utc_now() -> datetime.datetime:
    """The moment it is on this host, aware, in UTC. Asked anew every time: tests move real time too."""
    return _still if _still is not None else datetime.datetime.now(UTC) + _offset


def set_to(moment: datetime.datetime, *, still: bool = False) -> None:
    """Move the clock to an aware `moment`, earlier or later; `still` makes it stand there."""
    global _offset, _still
    if moment.tzinfo is None:
        raise ValueError("The clock is set to an aware datetime: say which time zone is meant.")
    _offset = moment - datetime.datetime.now(UTC)
    _still = moment.astimezone(UTC) if still else None


def advance(**step: float) -> datetime.datetime:
    """Move the clock on by a timedelta's arguments (`hours=1`, `days=3`); returns the new moment."""
    set_to(utc_now() + datetime.timedelta(**step), still=_still is not None)
    return utc_now()


def reset() -> None:
    """Back to real time."""
    global _offset, _still
    _offset, _still = datetime.timedelta(0), None


def is_moved() -> bool:
    return _still is not None or abs(_offset) > datetime.timedelta(seconds=1)


def save(site_path: str | Path) -> None:
    """Keep the offset with the site, so that a served demo goes on where it stood."""
    state = {"offset": _offset.total_seconds(), "still": _still.isoformat() if _still else None}
    _file(site_path).write_text(json.dumps(state))


def load(site_path: str | Path) -> None:
    """Take up the offset kept with the site, if there is one."""
    global _offset, _still
    reset()
    if _file(site_path).exists():
        state = json.loads(_file(site_path).read_text())
        _offset = datetime.timedelta(seconds=state["offset"])
        _still = datetime.datetime.fromisoformat(state["still"]) if state["still"] else None


def _file(site_path: str | Path) -> Path:
    return Path(site_path) / "clock.json"
