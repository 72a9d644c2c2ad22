"""How long customers' reads over REST take: the median and the 95th percentile of each, over the whole HTTP application.

python benchmarks/reads.py --embedded /tmp/reads
"""

from __future__ import annotations

import statistics
import sys
import time

from support import arguments, connect

import frappe  # isort: skip

SUBSCRIPTIONS, RUNS = 20, 40
READS = (
    "account.me",
    "account.subscriptions",
    "account.documents",
    "account.payment_methods",
    "account.bookings",
    "credits.balance",
    "credits.movements",
    "plans.offered",
)


def main() -> int:
    options = arguments(__doc__.splitlines()[0]).parse_args()
    connect(options)
    from frappe.app import application
    from werkzeug.test import Client

    from subscription_plus.tests.support import masters
    from subscription_plus.tests.support.billing import make_plan, make_subscription
    from subscription_plus.tests.support.booking import make_user
    from subscription_plus.tests.support.web import make_keys

    masters.ensure()
    customer = masters.make_customer().name
    plan = make_plan(published=1).name
    for _number in range(SUBSCRIPTIONS):
        make_subscription(frappe.utils.nowdate(), customer=customer, plan=plan)
    headers = {"Authorization": "token " + ":".join(make_keys(make_user(customer)))}
    frappe.db.commit()
    client = Client(application)
    for read in READS:
        times = []
        for _run in range(RUNS):
            began = time.perf_counter()
            answer = client.get(f"/api/method/subscription_plus.api.{read}", headers=headers)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{read:26} median {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
