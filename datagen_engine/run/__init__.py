"""From a plan to files: parts on workers, progress, cancel."""
