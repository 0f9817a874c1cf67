"""Editors made by hand, for values that a form does not show well enough."""
