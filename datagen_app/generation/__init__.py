"""A run: the dialog that asks for it, and the job that carries it out."""
