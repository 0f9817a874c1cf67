"""The designer: a window over the engine, which it knows by its public API only."""
