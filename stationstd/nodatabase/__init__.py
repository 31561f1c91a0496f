"""Stands where a database would be, for commands that need none; see base."""
