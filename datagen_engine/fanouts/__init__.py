"""One file a fanout: how many children each row of a parent gets."""
