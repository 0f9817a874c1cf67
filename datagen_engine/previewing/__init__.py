"""A schema under edit: its first rows, its distributions and why a value is what it is, again after every edit."""
