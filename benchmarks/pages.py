"""How long the website's pages take for a member who is logged in: median and p95 of each, on any host.

python benchmarks/pages.py                                            the embedded host, with the browser tests' sample
python benchmarks/pages.py --url http://a-site:8000 --user … --password …
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "/plans",
    "/book",
    "/account",
    "/account/subscriptions",
    "/account/invoices",
    "/account/methods",
    "/account/credits",
    "/account/bookings",
    "/account/settings",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url")
    parser.add_argument("--user", default="camille@subscription-plus.example")
    parser.add_argument("--password", default="quiet-Harbour-7419")
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    if options.url:
        measure(options.url, options)
        return 0
    sys.path.insert(0, str(ROOT))
    from subscription_plus.tests.browser.host import Host

    host = Host()
    try:
        measure(host.url, options)
    finally:
        host.stop()
    return 0


def measure(url: str, options: argparse.Namespace) -> None:
    session = requests.Session()
    login = session.post(f"{url}/api/method/login", data={"usr": options.user, "pwd": options.password})
    login.raise_for_status()
    print(f"{'page':<28}{'median':>10}{'p95':>10}")
    for page in PAGES:
        times = []
        for number in range(options.runs + 3):
            began = time.perf_counter()
            session.get(url + page).raise_for_status()
            if number >= 3:
                times.append((time.perf_counter() - began) * 1000)
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{page:<28}{statistics.median(times):>7.0f} ms{p95:>7.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
