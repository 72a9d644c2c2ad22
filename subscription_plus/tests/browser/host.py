"""A site of its own for the browser: the embedded host with its sample and a fake Stripe, in a process of its own.

`python -m subscription_plus.tests.browser.host` prints where it answers, and stops when its input ends.
"""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Host:
    """Started for a test run; `url` is where the site answers, `stripe` where the fake does."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "subscription_plus.tests.browser.host"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline().split()
        if len(line) != 2:
            raise RuntimeError("The host for the browser did not start; its output is above.")
        self.url, self.stripe = line

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from embedded import take_place

    take_place()
    from werkzeug.serving import make_server

    from embedded.fake_stripe import FakeStripe
    from embedded.host import scheduler
    from embedded.host.site import create_site, open_site

    with tempfile.TemporaryDirectory(prefix="subscription-plus-browser-") as folder, FakeStripe() as stripe:
        path = Path(folder) / "browser.localhost"
        create_site(path)
        open_site(path)
        import frappe

        from embedded.host.web import Application
        from subscription_plus.tests.browser import sample

        server = make_server(
            "127.0.0.1", 0, Application(frappe.local.site, frappe.local.sites_path), threaded=True
        )
        sample.make(stripe.url)
        scheduler.start()
        frappe.destroy()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"http://127.0.0.1:{server.port} {stripe.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
