"""How people feel who write: words and rules around a model, and how urgent it is."""
