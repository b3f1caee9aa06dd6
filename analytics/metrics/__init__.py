"""Statistics of feedback: pure functions over counts and sorted lists. No database, no Django."""
