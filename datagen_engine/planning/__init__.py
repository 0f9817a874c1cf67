"""From a schema to a plan: the graph of columns, picks and counts, each evaluated for the rows asked."""
