"""POS Invoice: one that stands for a period was cancelled or deleted at the point of sale."""

from frappe.model.document import Document

from subscription_plus.sp_billing import wake


def changed(doc: Document, method: str | None = None) -> None:
    """The period it bills looks at it soon."""
    wake.wake([("POS Invoice", doc.name)])


def on_trash(doc: Document, method: str | None = None) -> None:
    """A cancelled invoice is deleted: its name may come again."""
    wake.forget("POS Invoice", doc.name)
