"""A report as one works with it: its scores, its checks as a table, and one check with all that there is to it."""
