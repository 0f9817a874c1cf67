"""The steps that a user takes, each a pure function from the document to a `Step`: one file an idea."""
