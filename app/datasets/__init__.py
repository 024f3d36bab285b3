"""Data sets on the server: downloads under way, and who uploaded what."""
