"""Cross analysis on pages and as files."""
