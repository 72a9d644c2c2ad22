"""Tests of what surrounds the app on the embedded host."""
