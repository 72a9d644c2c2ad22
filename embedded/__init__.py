"""A host for trying and testing Subscription Plus without a bench; see embedded/README.md."""
