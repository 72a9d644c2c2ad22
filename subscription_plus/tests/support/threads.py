"""Several workers at once: each function in a thread with its own connection, all let go at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import frappe


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run the functions side by side; what each returned or, where it failed, its exception, in their order.

    What the caller has not committed is committed first: another connection would not see it.
    """
    frappe.db.commit()
    site, sites_path = frappe.local.site, frappe.local.sites_path
    barrier = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        frappe.init(site=site, sites_path=sites_path)
        frappe.connect()
        frappe.set_user("Administrator")
        frappe.flags.in_test = True
        try:
            barrier.wait(30)
            answers[number] = works[number]()
            frappe.db.commit()
        except Exception as error:
            frappe.db.rollback()
            answers[number] = error
        finally:
            frappe.destroy()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    # Read what the others have written, not what this transaction began with.
    frappe.db.rollback()
    return answers
