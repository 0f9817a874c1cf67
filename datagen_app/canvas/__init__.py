"""Tables as cards, references as edges, and the layout that places them."""
