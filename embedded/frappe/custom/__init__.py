"""Customisations of DocTypes."""
