"""Subscription Plus: subscriptions for ERPNext that are never billed twice and never forgotten."""

__version__ = "0.1.0"
