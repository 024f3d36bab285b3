"""Runs: what they are asked to be, how they train, who watches them, and what is kept."""
