"""Handing over: what other programs take from a schema and from a run, as text."""
