"""The open schema: one JSON tree, addressed by paths."""
