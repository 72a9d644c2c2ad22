"""What a review has shown, as a short text: the order is refused where it would be something else."""

from __future__ import annotations

import hashlib
from typing import Any

import frappe


def digest(periods: list[dict[str, Any]]) -> str:
    """The same for the same days, lines and amounts."""
    shown = [
        [row["start"], row["end"], row["billing_date"], row["to_pay"], row["taxes"], row["lines"]]
        for row in periods
    ]
    return hashlib.sha256(frappe.as_json(shown).encode()).hexdigest()[:32]
