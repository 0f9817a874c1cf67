"""What the mouse does on the canvas: one object for each gesture, from press to release."""

from datagen_app.canvas.gestures.gesture import Gesture, Pointer
from datagen_app.canvas.gestures.pan import Pan

__all__ = ["Gesture", "Pan", "Pointer"]
