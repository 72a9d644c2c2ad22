"""A progress bar on the terminal; silent where the output is not one."""

import sys
import time

WIDTH = 40


class Progress:
    """Shows how far a known amount of work has come, at most ten times a second, on standard error."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.shown_at = 0.0
        self.visible = sys.stderr.isatty()

    def show(self, done: int, label: str) -> None:
        now = time.monotonic()
        if not self.visible or (now - self.shown_at < 0.1 and done < self.total):
            return
        self.shown_at = now
        filled = WIDTH * done // self.total
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {label} ")
        if done >= self.total:
            sys.stderr.write("\n")
        sys.stderr.flush()
