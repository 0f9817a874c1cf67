"""Judging data against a schema: checks on what was written, scores, and the report."""
