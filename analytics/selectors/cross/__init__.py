"""Cross analysis: records and answers by two or three dimensions (docs/cross-analysis.md)."""
