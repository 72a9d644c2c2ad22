"""Custom Field."""
