"""One widget for each kind of value."""
