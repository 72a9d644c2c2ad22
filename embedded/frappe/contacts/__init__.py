"""Contacts and addresses."""
