"""`python -m demo`: make the sample site anew, bill 16 months, print the numbers, and serve it (SERVE=0: do not)."""

import os
import random
import shutil
import sys
import time
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / ".demo-site"


def main() -> int:
    from embedded import take_place

    take_place()
    build()
    if os.environ.get("SERVE", "1") == "0":
        return 0
    from embedded.host.cli import main as embedded

    return embedded(["serve", "--site", str(SITE)])


def build() -> None:
    """Make the site and tell its story."""
    import frappe

    from embedded.host import clock
    from embedded.host.site import create_site, open_site

    from . import bookings, company, offers, payments, shop, story, summary

    began = time.monotonic()
    random.seed(0)
    shutil.rmtree(SITE, ignore_errors=True)
    story.set_clock(story.START)
    create_site(SITE)
    open_site(SITE)
    frappe.set_user("Administrator")
    company.build()
    offers.build()
    stripe = payments.Stripe()
    stripe.build()
    bookings.build()
    frappe.db.commit()
    print(
        f"Le Hangar, {story.START:%d %B %Y} to {story.END:%d %B %Y}, the hourly job run every hour",
        flush=True,
    )
    story.tell(stripe)
    shop.build()
    member = shop.let_in()
    frappe.db.commit()
    clock.set_to(story.END)
    clock.save(SITE)
    for what, how_much in [*summary.lines(), *payments.lines(stripe), *bookings.lines()]:
        print(f"{what:<36}{how_much:>26}")
    print(f"The website: /plans and /book. A member logs in as {member}, password '{shop.PASSWORD}'.")
    print(f"Took {time.monotonic() - began:.0f} s.", file=sys.stderr)
    frappe.destroy()


if __name__ == "__main__":
    sys.exit(main())
