"""The worker: a warm child process that computes for the window, and the window's end of it."""
