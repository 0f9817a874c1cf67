"""Statistical checks of data against a schema: its targets, and what it promises by itself.

`behavioural_checks` is the way in. `factory` and `declared` read the schema; one file for each family judges:
`shares`, `numbers`, `times`, `nulls`, `children`, `waits`, `picks`, `correlations`, `targets`, `composite`.
They evaluate the engine's own laws at the values of the data (`view`), so that nothing the language says is
written down a second time.
"""

from __future__ import annotations

from datagen_engine.validation.behaviour.checks import behavioural_checks, false_alarm_rate

__all__ = ["behavioural_checks", "false_alarm_rate"]
