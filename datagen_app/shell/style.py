"""The style sheet: flat surfaces, one-pixel borders, one accent colour."""

from __future__ import annotations

from string import Template

from datagen_app.shell.palette import Palette

__all__ = ["style_sheet"]

# Lengths are paddings and borders; no font has a size here, so the system's rules.
_SHEET = Template("""
QWidget { outline: none; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $control_border; padding: 4px 6px; }

QMenuBar { background: $surface; padding: 2px 8px; border: none; }
QMenuBar::item { background: transparent; color: $text; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $selected; }
QMenu { background: $raised; color: $text; border: 1px solid $control_border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $control_border; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; padding: 2px 12px 5px 8px;
           spacing: 4px; }
QToolBar::separator { background: $border; width: 1px; margin: 6px 8px; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 6px;
              padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $selected; }
QToolButton:focus { border-color: $accent; }
QToolButton[popupMode="1"], QToolButton[popupMode="2"] { padding-right: 18px; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: right center; right: 5px; }
QToolButton:disabled { color: $control_border; }

QPushButton { background: $surface; color: $text; border: 1px solid $control_border; border-radius: 6px;
              padding: 6px 14px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selected; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $control_border; border-color: $border; }
.primary { background: $accent; color: $on_accent; border: 1px solid $accent; border-radius: 6px;
           padding: 6px 14px; font-weight: 600; }
.primary:hover, .primary:pressed { background: $accent; }
.primary:focus { border: 2px solid $text; padding: 5px 13px; background: $accent; }
.primary:disabled { background: $surface; color: $control_border; border-color: $border; }
.link { background: transparent; color: $accent; border: 1px solid transparent; border-radius: 4px;
        padding: 0; margin-left: -1px; text-align: left; }
.link:hover { background: $hover; text-decoration: underline; }
.link:disabled { color: $secondary; border-color: transparent; }
.link:focus { border: 1px solid $accent; padding: 0; }

QLineEdit, QAbstractSpinBox { background: $surface; color: $text; border: 1px solid $control_border;
    border-radius: 6px; padding: 5px 9px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:focus, QAbstractSpinBox:focus { border: 2px solid $accent; padding: 4px 8px; }
QLineEdit:disabled, QAbstractSpinBox:disabled { color: $control_border; border-color: $border; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; height: 0; border: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { background: transparent; border: none;
    padding: 0; }
.chip { background: $surface; color: $text; border: 1px solid $control_border; border-radius: 11px;
        padding: 3px 10px; }
.chip:hover { background: $hover; }
.chip:checked { background: $selected; border-color: $accent; color: $accent; font-weight: 600; }
.chip:focus { border: 2px solid $accent; padding: 2px 9px; }
.card { background: $surface; border: 1px solid $border; border-radius: 6px; }
.box { background: $surface; border: 1px solid $control_border; border-radius: 6px; }
.switch { border: none; border-radius: 5px; padding: 4px 12px; }
.switch:checked { background: $selected; color: $accent; font-weight: 600; }
.switch:focus { border: 2px solid $accent; padding: 2px 10px; }
.box QAbstractSpinBox { border: 1px solid transparent; padding: 3px 0; background: transparent; }
.box QAbstractSpinBox:focus { border: 2px solid $accent; padding: 2px 0; }

QComboBox { background: $surface; color: $text; border: 1px solid $control_border; border-radius: 6px;
    padding: 5px 9px; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border: 2px solid $accent; padding: 4px 8px; }
QComboBox:disabled { color: $control_border; border-color: $border; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $control_border; }

QAbstractScrollArea { background: $surface; border: none; }
QAbstractItemView { background: $surface; color: $text; border: none; selection-background-color: $selected;
    selection-color: $text; alternate-background-color: $hover; }
QTreeWidget::item { padding: 4px 6px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $secondary; border: none;
    border-bottom: 1px solid $border; padding: 6px 8px; }
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $border; }
QTableView { gridline-color: $grid; }

QTabWidget { background: $surface; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabWidget::tab-bar { left: 8px; }
QTabBar { background: $surface; }
QTabBar::tab { background: transparent; color: $secondary; padding: 8px 12px;
               border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:hover { color: $text; }
QTabBar:focus { border: 1px solid $accent; border-radius: 4px; }

QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $control_border; border-radius: 2px; margin: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $grid; border: none; border-radius: 3px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QStatusBar { background: $surface; color: $secondary; border-top: 1px solid $border; }
QStatusBar::item { border: none; }

.bubble { background: $raised; color: $secondary; border: 1px solid $control_border; border-radius: 4px;
          padding: 3px 6px; }
.bubble[wrong="true"] { color: $error; border-color: $error; }
.keys { background: $window; color: $secondary; border: 1px solid $border; border-radius: 4px;
        padding: 1px 6px; }
.hint { background: $raised; color: $text; border: 1px solid $control_border; border-radius: 4px; padding: 2px 6px; }
.inline, .inline:focus { border: 2px solid $accent; border-radius: 4px; padding: 0 4px; background: $surface; }
.floating { background: $raised; border: 1px solid $control_border; border-radius: 6px; }
.framed { border: 1px solid $border; border-radius: 6px; }
#palette { background: $raised; border: 1px solid $control_border; }
.surface { background: $surface; }
.window { background: $window; }
.secondary { color: $secondary; }
.rail { background: $surface; border-right: 1px solid $border; }
.rule { background: $border; border: none; }
.notice { background: $raised; border-bottom: 1px solid $border; }
""")


def style_sheet(palette: Palette) -> str:
    """Return the style sheet of the whole application in a palette's colours.

    A widget takes a look from its dynamic property `class`: `primary`, `link`, `secondary` …
    """
    return _SHEET.substitute(palette.colours())
