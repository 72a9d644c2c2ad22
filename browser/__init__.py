"""Walks in a real Desk (see README.md)."""
