"""Email Template."""
