"""One file a generator: what a schema may say of it, and how it draws."""
