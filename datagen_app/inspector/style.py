"""What forms need of the style sheet beyond what the whole application has."""

from __future__ import annotations

from string import Template

from datagen_app.shell.palette import Palette

__all__ = ["form_style"]

_SHEET = Template("""
.code { background: $surface; color: $text; border: 1px solid $control_border; border-radius: 6px;
        selection-background-color: $accent; selection-color: $on_accent; }
.code:focus { border: 2px solid $accent; }
.framed { border: 1px solid $border; border-radius: 6px; }
.samples { background: $window; border: 1px solid $border; border-radius: 6px; color: $text; }
.small { background: transparent; color: $secondary; border: 1px solid transparent; border-radius: 4px;
         padding: 0; min-width: 20px; min-height: 20px; }
.small:hover { background: $hover; color: $text; }
.small:focus { border: 2px solid $accent; }
.help { background: $window; border: none; border-top: 1px solid $border; }
.help QLabel { background: transparent; }
QTableView { border: 1px solid $control_border; border-radius: 6px; }
QTableView:focus { border: 2px solid $accent; }
QTableView::item { padding: 0 4px; }
QTableView::item:selected { background: $selected; color: $text; }
QHeaderView::section { padding: 4px 6px; }
""")


def form_style(palette: Palette) -> str:
    """Return the style sheet of the panel in a palette's colours."""
    return _SHEET.substitute(palette.colours())
