"""What there is to know about the selected table or column."""
