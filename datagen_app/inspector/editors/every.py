"""Every editor, imported so that it registers itself for the values it is for."""

from datagen_app.inspector.editors import chain, distribution, faker, times, values, weights, windows
from datagen_app.inspector.fields import choosing, code, containers, simple

__all__ = [
    "chain",
    "choosing",
    "code",
    "containers",
    "distribution",
    "faker",
    "simple",
    "times",
    "values",
    "weights",
    "windows",
]
