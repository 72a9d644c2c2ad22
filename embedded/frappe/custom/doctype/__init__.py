"""Their DocTypes."""
