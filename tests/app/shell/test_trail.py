from __future__ import annotations

from datagen_app.document.place import Place
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.trail import Trail, Visit


class Clock:
    """Real time, as a test wants it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def visit(trail: Trail, clock: Clock, *keys: int, seconds: float = 5.0) -> None:
    for key in keys:
        clock.now += seconds
        trail.visit(Visit("design", Place(key)))


def at(found: Visit | None) -> int | None:
    return found.place.table if found else None


def test_back_and_forward_again() -> None:
    clock = Clock()
    trail = Trail(lambda _: True, clock)
    visit(trail, clock, 1, 2, 3)
    assert [at(trail.back()), at(trail.back()), at(trail.back())] == [2, 1, None]
    assert [at(trail.forward()), at(trail.forward()), at(trail.forward())] == [2, 3, None]


def test_going_elsewhere_forgets_what_lay_ahead() -> None:
    clock = Clock()
    trail = Trail(lambda _: True, clock)
    visit(trail, clock, 1, 2)
    trail.back()
    visit(trail, clock, 3)
    assert not trail.can_go(1)
    assert at(trail.back()) == 1


def test_what_is_only_passed_is_no_stop() -> None:
    clock = Clock()
    trail = Trail(lambda _: True, clock)
    visit(trail, clock, 1)
    visit(trail, clock, 2, 3, 4, seconds=0.1)
    assert at(trail.back()) is None
    visit(trail, clock, 5)
    assert at(trail.back()) == 4


def test_what_is_gone_is_passed_over() -> None:
    clock, gone = Clock(), {2}
    trail = Trail(lambda found: found.place.table not in gone, clock)
    visit(trail, clock, 1, 2, 3)
    assert at(trail.back()) == 1
    trail.clear()
    assert not trail.can_go(-1)


def test_the_window_goes_back_to_what_was_selected(opened: MainWindow) -> None:
    document = opened.session.document
    assert document is not None
    clock = Clock()
    opened.trail = Trail(opened._is_there, clock)
    for table in ("customer", "order"):
        clock.now += 5
        opened.session.selection.reveal(document.place_of(table))
    opened.commands.run("go.back")
    assert opened.session.selection.place == document.place_of("customer")
    opened.commands.run("go.forward")
    assert opened.session.selection.place == document.place_of("order")
