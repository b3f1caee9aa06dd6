"""What it takes before a model decides anything alone. Pure."""

from analytics.enums import TextTask

TASKS = (TextTask.CATEGORY, TextTask.SENTIMENT, TextTask.URGENCY, TextTask.TAGS)
# Decisions below which nothing is decided alone, whatever cross-validation says.
FEWEST_TO_DECIDE = 50
NEVER = 1.01  # no confidence is as high
