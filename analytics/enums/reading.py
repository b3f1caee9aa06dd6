"""What models read of texts, and the search for topics."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TextTask(models.TextChoices):
    """What is read of a text by a model."""

    CATEGORY = "category", _("Category")
    FURTHER = "further", _("Further categories")
    TAGS = "tags", _("Tags")
    SENTIMENT = "sentiment", _("Sentiment")
    URGENCY = "urgency", _("Urgency")


class ModelState(models.TextChoices):
    LIVE = "live", _("At work")
    KEPT = "kept", _("Kept for going back")
    REFUSED = "refused", _("Not better than the one at work")


class Accuracy(models.IntegerChoices):
    """How many of 100 decisions made alone must be right."""

    BRISK = 90, "90"
    USUAL = 95, "95"
    CAREFUL = 98, "98"


class TopicState(models.TextChoices):
    """How far the search for topics is."""

    ORDERED = "ordered", pgettext_lazy("search for topics", "Ordered")
    RUNNING = "running", pgettext_lazy("search for topics", "Under way")
    DONE = "done", pgettext_lazy("search for topics", "Done")
    TOO_FEW = "too_few", pgettext_lazy("search for topics", "Too few texts")
    FAILED = "failed", pgettext_lazy("search for topics", "Failed")


class TopicMethod(models.TextChoices):
    """How texts are sorted into topics; all but the first need an extra."""

    WORDS = "words", _("By the words that texts share")
    LDA = "lda", _("By latent Dirichlet allocation (tomotopy)")
    VECTORS = "vectors", _("By vectors of sentences")
