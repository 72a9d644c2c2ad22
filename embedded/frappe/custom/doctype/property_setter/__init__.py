"""Property Setter."""
