"""Handlers of ERPNext's document events: one file per DocType, nothing but a call."""
