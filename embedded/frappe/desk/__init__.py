"""Documents of the desk."""
