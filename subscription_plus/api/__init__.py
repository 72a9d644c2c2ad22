"""Endpoints for REST clients, portal and desk: thin, typed, permission first.

They answer at /api/method/subscription_plus.api.…; errors are Frappe's, with a message that says what to do.
"""
