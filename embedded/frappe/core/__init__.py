"""Classes of the framework's own documents."""
