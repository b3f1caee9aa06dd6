"""Settings as they are shown, kept and handed over: rows under names that other installations
understand, what a row says for people, and what a JSON column holds."""
