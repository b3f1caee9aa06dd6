"""How metrics are asked: measuring.measure(user, Question(...)). See docs/metrics.md."""
