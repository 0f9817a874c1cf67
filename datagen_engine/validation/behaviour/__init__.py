"""Statistical checks of data against a schema: its targets, and what it promises by itself.

`checks.TablePasses` is the way in. `factory` and `declared` read the schema; one file for each family judges:
`shares`, `numbers`, `times`, `nulls`, `children`, `waits`, `picks`, `correlations`, `targets`, `composite`.
They evaluate the engine's own laws at the values of the data (`view`), so that nothing the language says is
written down a second time.
"""
