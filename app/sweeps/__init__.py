"""Sweeps: many runs that differ in a few fields, begun, compared and watched together."""
