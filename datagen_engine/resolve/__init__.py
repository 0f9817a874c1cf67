"""What the names in a schema mean: who is whose parent, where a row's time comes from, which row is looked up."""
