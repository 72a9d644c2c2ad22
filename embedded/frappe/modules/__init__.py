"""Modules of apps: records shipped as files, and patches."""
