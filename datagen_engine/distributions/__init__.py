"""One file a distribution of numbers: its parameters, its quantiles, how it is sampled."""
