"""What Frappe gives to tests."""
