"""What a request with an Idempotency-Key answered: the name is made of caller, method and key."""

from frappe.model.document import Document


class SPIdempotencyKey(Document):
    """Data only; written by sp_billing/idempotency.py, read by nobody else."""
