"""What a customer changes on a subscription, in two steps: say what, see what it means, confirm.

Each change is one class: its fields, the verb it performs, and the words for what comes of it. The review performs
the same verb and takes it back (sp_billing/rehearsal.py). What a customer may do is decided by the verbs
(sp_billing/rights.py); here only what is possible now is offered.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, getdate, nowdate

from subscription_plus.sp_billing import breaks, cancellation, changes, publishing, rights

from . import words

Fields = list[dict[str, Any]]
Form = dict[str, Any]


class Change(ABC):
    """One change: `action` is its place in the address, `right` what the plan has to give."""

    action: str
    right: str
    danger = False

    @abstractmethod
    def title(self) -> str:
        """What the page and its button are called."""

    def fits(self, doc: Document) -> bool:
        """Whether it makes sense now, to a subscription that runs and is neither cancelled nor paused."""
        return not doc.cancellation_date and not is_paused(doc)

    def intro(self, doc: Document) -> str:
        """A sentence above the fields."""
        return ""

    def fields(self, doc: Document) -> Fields:
        """What is asked; without fields the review comes at once."""
        return []

    @abstractmethod
    def perform(self, doc: Document, form: Form) -> Any:
        """Call the verb."""

    def consequences(self, doc: Document, form: Form, result: Any) -> list[str]:
        """What it means, as sentences; `doc` is as it will be."""
        return []

    def done(self, doc: Document, result: Any) -> str:
        """What is said afterwards."""
        return _("Done.")


class Cancel(Change):
    action = "cancel"
    right = rights.CANCEL
    danger = True

    def fits(self, doc: Document) -> bool:
        return not doc.cancellation_date

    def title(self) -> str:
        return _("Cancel the subscription")

    def intro(self, doc: Document) -> str:
        return _("What you have paid for stays yours until its last day.")

    def fields(self, doc: Document) -> Fields:
        first = cancellation.earliest(doc)
        return [
            {
                "name": "last",
                "label": _("Last day"),
                "kind": "date",
                "value": str(first),
                "required": True,
                "help": _("{0} is the earliest possible day.").format(words.day(first)),
                "attrs": {"min": str(first)},
            },
            {
                "name": "reason",
                "label": _("Why do you leave? It helps us to get better."),
                "kind": "textarea",
            },
        ]

    def perform(self, doc: Document, form: Form) -> dt.date:
        return cancellation.cancel(
            doc.name, cancellation.DATE, _day(form.get("last")), form.get("reason") or None
        )

    def consequences(self, doc: Document, form: Form, result: dt.date) -> list[str]:
        return [
            _("You have it until {0}; nothing is charged after that.").format(words.day(result)),
            _("Until the day before you can take the cancellation back here."),
        ]

    def done(self, doc: Document, result: dt.date) -> str:
        return _("It is cancelled. You have it until {0}; nothing is charged after that.").format(
            words.day(result)
        )


class Undo(Change):
    action = "undo"
    right = rights.CANCEL

    def fits(self, doc: Document) -> bool:
        return bool(doc.cancellation_date) and getdate(doc.cancellation_date) > getdate(nowdate())

    def title(self) -> str:
        return _("Keep it after all")

    def perform(self, doc: Document, form: Form) -> None:
        cancellation.undo(doc.name)

    def consequences(self, doc: Document, form: Form, result: None) -> list[str]:
        return [_("The cancellation is taken back, and it goes on as before.")]

    def done(self, doc: Document, result: None) -> str:
        return _("The cancellation is taken back. It goes on as before.")


class Pause(Change):
    action = "pause"
    right = rights.PAUSE

    def title(self) -> str:
        return _("Pause")

    def intro(self, doc: Document) -> str:
        return _("While it is paused you do not use it, and it is not billed.")

    def fields(self, doc: Document) -> Fields:
        may = rights.of(doc.plan)
        longest, today = may.longest_pause, str(may.day())
        return [
            {
                "name": "start",
                "label": _("From"),
                "kind": "date",
                "value": today,
                "required": True,
                "attrs": {"min": today},
            },
            {
                "name": "until",
                "label": _("Until (last day)"),
                "kind": "date",
                "value": str(add_days(today, longest - 1)) if longest else "",
                "required": bool(longest),
                "help": _("At most {0} days.").format(longest)
                if longest
                else _("Leave it empty to pause until you resume it yourself."),
                "attrs": {"min": today},
            },
        ]

    def perform(self, doc: Document, form: Form) -> None:
        breaks.pause(doc.name, _day(form.get("start")), _day(form.get("until")))

    def consequences(self, doc: Document, form: Form, result: None) -> list[str]:
        start, until = _day(form.get("start")), _day(form.get("until"))
        if not until:
            return [_("Paused from {0} until you resume it.").format(words.day(start or nowdate()))]
        return [
            _("Paused from {0} to {1}, both days included.").format(
                words.day(start or nowdate()), words.day(until)
            )
        ]

    def done(self, doc: Document, result: None) -> str:
        return _("The pause is noted.")


class Resume(Change):
    action = "resume"
    right = rights.PAUSE

    def fits(self, doc: Document) -> bool:
        return not doc.cancellation_date and is_paused(doc)

    def title(self) -> str:
        return _("Resume")

    def fields(self, doc: Document) -> Fields:
        today = nowdate()
        return [
            {
                "name": "on",
                "label": _("It goes on from"),
                "kind": "date",
                "value": today,
                "required": True,
                "attrs": {"min": today},
            }
        ]

    def perform(self, doc: Document, form: Form) -> None:
        breaks.resume(doc.name, _day(form.get("on")))

    def consequences(self, doc: Document, form: Form, result: None) -> list[str]:
        return [
            _("It goes on from {0}. A part of a period costs its part of the price.").format(
                words.day(form.get("on"))
            )
        ]

    def done(self, doc: Document, result: None) -> str:
        return _("It goes on. Welcome back!")


class Skip(Change):
    action = "skip"
    right = rights.SKIP

    def title(self) -> str:
        return _("Skip the next period")

    def perform(self, doc: Document, form: Form) -> tuple[dt.date, dt.date]:
        return breaks.skip(doc.name)

    def consequences(self, doc: Document, form: Form, result: tuple[dt.date, dt.date]) -> list[str]:
        start, end = result
        return [
            _("From {0} to {1} you do not use it, and it is not billed.").format(
                words.day(start), words.day(end)
            )
        ]

    def done(self, doc: Document, result: tuple[dt.date, dt.date]) -> str:
        return _("The period from {0} to {1} is skipped.").format(*map(words.day, result))


class Quantity(Change):
    action = "quantity"
    right = rights.QUANTITY

    def fits(self, doc: Document) -> bool:
        return super().fits(doc) and _most(doc) > 1 and bool(_countable(doc))

    def title(self) -> str:
        return _("Change the quantity")

    def fields(self, doc: Document) -> Fields:
        rows, most = _countable(doc), _most(doc)
        attrs = {"min": "1", "step": "1"}
        options = [(row.name, f"{row.item_name or row.item} ({words.number(row.qty)})") for row in rows]
        quantity = cint(rows[0].qty) if len(rows) == 1 else ""
        return [
            {"name": "line", "label": _("What"), "kind": "select", "options": options},
            {
                "name": "qty",
                "label": _("Quantity from the next period on"),
                "kind": "number",
                "value": quantity,
                "required": True,
                "help": _("At most {0} times what the plan holds.").format(words.number(most)),
                "attrs": attrs,
            },
        ]

    def perform(self, doc: Document, form: Form) -> dt.date:
        return changes.change_quantity(doc.name, form.get("line") or "", _number(form.get("qty")))

    def consequences(self, doc: Document, form: Form, result: dt.date) -> list[str]:
        return [_("The new quantity counts from {0}; until then nothing changes.").format(words.day(result))]

    def done(self, doc: Document, result: dt.date) -> str:
        return _("The new quantity counts from {0}.").format(words.day(result))


class Plan(Change):
    action = "plan"
    right = rights.PLAN

    def fits(self, doc: Document) -> bool:
        return super().fits(doc) and bool(_plans(doc))

    def title(self) -> str:
        return _("Change the plan")

    def fields(self, doc: Document) -> Fields:
        offered = _plans(doc)
        options = [
            (row.name, row.plan_name, frappe.utils.strip_html(row.description or "")) for row in offered
        ]
        return [{"name": "plan", "label": _("New plan"), "kind": "choices", "options": options}]

    def perform(self, doc: Document, form: Form) -> dt.date:
        return changes.change_plan(doc.name, form.get("plan") or "")

    def consequences(self, doc: Document, form: Form, result: dt.date) -> list[str]:
        return [
            _("The new plan counts from {0}; until then you keep the one you have.").format(words.day(result))
        ]

    def done(self, doc: Document, result: dt.date) -> str:
        return _("The new plan counts from {0}.").format(words.day(result))


CHANGES: dict[str, Change] = {
    change.action: change for change in (Pause(), Resume(), Skip(), Quantity(), Plan(), Undo(), Cancel())
}


def offered(doc: Document) -> list[Change]:
    """The changes a subscription's customer can make now."""
    if doc.status in ("Cancelled", "Completed"):
        return []
    may = rights.of(doc.plan).may
    return [change for change in CHANGES.values() if change.right in may and change.fits(doc)]


def is_paused(doc: Document) -> bool:
    """Whether a pause runs or is announced."""
    today = getdate(nowdate())
    return any(
        row.kind == "Pause" and (not row.until_date or getdate(row.until_date) >= today) for row in doc.breaks
    )


def _most(doc: Document) -> int:
    return cint(doc.plan and frappe.get_cached_doc("SP Subscription Plan", doc.plan).max_quantity)


def _countable(doc: Document) -> list[Document]:
    """The lines whose quantity can be chosen: they count now or later, and again and again."""
    today = getdate(nowdate())
    return [row for row in doc.lines if not row.once and not (row.to_date and getdate(row.to_date) < today)]


def _plans(doc: Document) -> list[frappe._dict]:
    """The plans a customer sees and may change to, of the same company and in the same money."""
    fields = ["plan_name", "company", "currency", "description", "customer_may_change_plan"]
    return [
        row
        for row in publishing.visible("SP Subscription Plan", fields)
        if row.customer_may_change_plan
        and row.name != doc.plan
        and (not row.company or row.company == doc.company)
        and (not row.currency or row.currency == doc.currency)
    ]


def _day(value: Any) -> dt.date | None:
    """A day from a date field; refused where it is none."""
    if not value:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        frappe.throw(_("{0} is not a date. Write it as year-month-day, like 2026-03-31.").format(value))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        frappe.throw(_("Say how many: a number."))
