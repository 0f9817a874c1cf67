"""The window around everything: commands, theme, panels, settings, the start page."""
