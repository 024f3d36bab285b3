"""The life of a run: its specification, its states, its worker process, its viewers."""
