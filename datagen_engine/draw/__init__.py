"""The vocabulary of drawing: values, rows, streams of randomness, and what a stage is."""
