"""One file a modifier: what a schema may say of it, and how it changes drawn values."""
