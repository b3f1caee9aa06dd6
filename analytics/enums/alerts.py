"""Rules that watch, and what becomes of their alerts."""

from django.db import models
from django.utils.translation import pgettext_lazy


class AlertKind(models.TextChoices):
    """What a rule watches."""

    METRIC = "metric", pgettext_lazy("kind of alert", "A metric leaves its band")
    NEGATIVE = "negative", pgettext_lazy("kind of alert", "A spike of negative feedback")
    TOPIC = "topic", pgettext_lazy("kind of alert", "A new or growing topic")
    CUSTOMER = "customer", pgettext_lazy("kind of alert", "A key customer is unhappy")


class AlertSides(models.TextChoices):
    """Which way a metric has to leave its band."""

    WORSE = "worse", pgettext_lazy("which way", "Only for the worse")
    BOTH = "both", pgettext_lazy("which way", "Either way")


class Sensitivity(models.TextChoices):
    """How many false alarms a rule may raise, all that it watches together."""

    MONTH = "month", pgettext_lazy("sensitivity", "High: about one false alarm a month")
    QUARTER = "quarter", pgettext_lazy("sensitivity", "Usual: about one false alarm a quarter")
    YEAR = "year", pgettext_lazy("sensitivity", "Low: about one false alarm a year")


class Dismissal(models.TextChoices):
    """Why nobody has to act."""

    FALSE_ALARM = "false", pgettext_lazy("why an alert is dismissed", "False alarm")
    KNOWN = "known", pgettext_lazy("why an alert is dismissed", "The cause is known")
