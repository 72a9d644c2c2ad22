"""DocTypes of mail."""
