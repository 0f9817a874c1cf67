"""What a user may say: the language as specs, with paths, text and problems."""
