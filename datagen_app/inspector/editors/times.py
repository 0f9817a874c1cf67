"""Instants, grids and windows: with a calendar, with names, and on a line of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.fields.choosing import PickField
from datagen_app.inspector.fields.make import BY_SAYING, register
from datagen_app.inspector.fields.picker import Choice
from datagen_app.inspector.fields.simple import SimpleField
from datagen_app.inspector.shape import Shape
from datagen_app.inspector.wording import FREQUENCIES, frequency_name

__all__ = ["FrequencyField", "InstantField", "days_of", "text_of_day"]

_EPOCH = datetime(1970, 1, 1)


def days_of(text: Any) -> float | None:
    """Return an instant in days since 1970, UTC; None for what is none.

    Examples
    --------
    >>> days_of("1970-01-02"), days_of("1970-01-02T12:00:00Z"), days_of("soon")
    (1.0, 1.5, None)
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = (moment - (moment.utcoffset() or (_EPOCH - _EPOCH))).replace(tzinfo=None)
        return (moment - _EPOCH).total_seconds() / 86_400
    except (ValueError, OverflowError):
        return None


def text_of_day(days: float, like: Any = "") -> str:
    """Return a day as text: of the form of another instant, whose time of day it keeps.

    Examples
    --------
    >>> text_of_day(1.2, "2024-01-01"), text_of_day(1.2, "2024-01-01T08:00:00Z")
    ('1970-01-02', '1970-01-02T08:00:00Z')
    """
    day = QDate(1970, 1, 1).addDays(int(days // 1)).toString(Qt.DateFormat.ISODate)
    rest = like[10:] if isinstance(like, str) and len(like) > 10 and days_of(like) is not None else ""
    return day + rest


class _Calendar(QFrame):
    """A month to choose a day from."""

    def __init__(self, field: InstantField) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self._field = field
        self.calendar = QCalendarWidget(self)
        self.calendar.setAccessibleName(f"{field.label}: choose a day")
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        days = days_of(field.value())
        if days is not None:
            self.calendar.setSelectedDate(QDate(1970, 1, 1).addDays(int(days // 1)))
        self.calendar.clicked.connect(self._take)
        self.calendar.activated.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.calendar)

    def _take(self, day: QDate) -> None:
        self._field.take_day(day)
        self.close()


@register(BY_SAYING, "instant")
class InstantField(SimpleField):
    """A date or a time, typed or chosen from a calendar."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.button = QToolButton(self)
        self.button.setText("▾")
        self.button.setProperty("class", "small")
        self.button.setToolTip("Choose a day")
        self.button.setAccessibleName(f"{self.label}: open the calendar")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.open_calendar)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.button)
        layout.setSpacing(2)

    def open_calendar(self) -> None:
        """Open the calendar."""
        popup = _Calendar(self)
        popup.adjustSize()
        below = self.mapToGlobal(QPoint(self.width() - popup.width(), self.height() + 2))
        screen = self.screen().availableGeometry()
        below.setX(max(screen.left(), below.x()))
        below.setY(min(below.y(), screen.bottom() - popup.height()))
        popup.move(below)
        popup.show()
        popup.calendar.setFocus()

    def take_day(self, day: QDate) -> None:
        """Take a day; the time of day stays."""
        days = float(QDate(1970, 1, 1).daysTo(day))
        self.set(text_of_day(days, self.value()))


@register(BY_SAYING, "frequency")
class FrequencyField(PickField):
    """The ticks of a grid: one with a name, or any alias."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.picker.steps = False
        self.picker.free = "Use"

    @property
    def nothing(self) -> str:
        """What stands for nothing: the timeframe's own grid."""
        return "as the timeframe" if len(self.way) > 1 and self.way[0] == "generator" else "every day"

    def choices(self) -> Sequence[Choice]:
        """Return the grids with names."""
        return [Choice(alias, name, aside=alias) for alias, name in FREQUENCIES]

    def title_of(self, value: str) -> str:
        """Return what a grid is called."""
        return frequency_name(value)
