"""What a booking or a use of credits is refused for: words for people, and a status of its own for programs."""

import frappe


class NotEnoughCredits(frappe.ValidationError):
    """More credits are wanted than there are (417); the message names what is missing."""


class NotFree(frappe.ValidationError):
    """Somebody else has the place (409): another time, or another item."""

    http_status_code = 409


class TooLate(frappe.ValidationError):
    """The house's rules allow it no more (417)."""
