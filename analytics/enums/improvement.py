"""Problems, causes, measures and their effects."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProblemStatus(models.TextChoices):
    """How far a problem is (docs/improvement.md)."""

    OPEN = "open", pgettext_lazy("a problem", "Open")
    ANALYSING = "analysing", pgettext_lazy("a problem", "Being analysed")
    ACTING = "acting", pgettext_lazy("a problem", "Being acted on")
    WATCHING = "watching", pgettext_lazy("a problem", "Being watched")
    SOLVED = "solved", pgettext_lazy("a problem", "Solved")
    DROPPED = "dropped", pgettext_lazy("a problem", "Dropped")


class ProblemSource(models.TextChoices):
    """What a problem was first seen in."""

    QUERY = "query", _("A list of records")
    TOPIC = "topic", _("A topic")
    TEXTS = "texts", _("A list of texts")
    SPIKE = "spike", _("A spike")
    RECORD = "record", _("One record")
    HAND = "hand", _("Entered by hand")


class CauseMethod(models.TextChoices):
    FIVE_WHYS = "five_whys", _("Five whys")
    ISHIKAWA = "ishikawa", _("Ishikawa diagram")


class CauseKind(models.TextChoices):
    """The six branches of an Ishikawa diagram (人机料法环测)."""

    PEOPLE = "people", pgettext_lazy("kind of cause", "People")
    MACHINE = "machine", pgettext_lazy("kind of cause", "Machines and systems")
    MATERIAL = "material", pgettext_lazy("kind of cause", "Material")
    METHOD = "method", pgettext_lazy("kind of cause", "Methods")
    ENVIRONMENT = "environment", pgettext_lazy("kind of cause", "Environment")
    MEASUREMENT = "measurement", pgettext_lazy("kind of cause", "Measurement")


class MeasureKind(models.TextChoices):
    PRODUCT = "product", pgettext_lazy("kind of measure", "Product")
    SERVICE = "service", pgettext_lazy("kind of measure", "Service")
    PROCESS = "process", pgettext_lazy("kind of measure", "Process")
    TRAINING = "training", pgettext_lazy("kind of measure", "Training")


class MeasureStatus(models.TextChoices):
    """How far a measure is; rules.measures says from where to where."""

    PROPOSED = "proposed", pgettext_lazy("a measure", "Proposed")
    APPROVED = "approved", pgettext_lazy("a measure", "Approved")
    DOING = "doing", pgettext_lazy("a measure", "Being done")
    DONE = "done", pgettext_lazy("a measure", "Carried out")
    VERIFIED = "verified", pgettext_lazy("a measure", "Effect verified")
    REJECTED = "rejected", pgettext_lazy("a measure", "Rejected")


class ScoreScheme(models.TextChoices):
    """By which problems and measures are put in order (metrics.priority)."""

    RICE = "rice", _("RICE")
    ICE = "ice", _("ICE")
    FMEA = "fmea", _("FMEA")


class MoneyPeriod(models.TextChoices):
    """How long a period of a business case is."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class EffectDesign(models.TextChoices):
    """How an effect is told from what would have happened anyhow."""

    BEFORE_AFTER = "before_after", _("Before and after")
    INTERRUPTED = "interrupted", _("Interrupted time series")
    CONTROLLED = "controlled", _("Compared with what was left untouched")


class EffectVerdict(models.TextChoices):
    BETTER = "better", pgettext_lazy("effect of a measure", "Better")
    WORSE = "worse", pgettext_lazy("effect of a measure", "Worse")
    NO_CHANGE = "no_change", pgettext_lazy("effect of a measure", "No change that can be told")
    CANNOT_TELL = "cannot_tell", pgettext_lazy("effect of a measure", "Cannot be told")


class ImprovementEvent(models.TextChoices):
    """What happened to a problem or a measure; a line of its history."""

    CREATED = "created", pgettext_lazy("history", "made")
    CHANGED = "changed", pgettext_lazy("history", "changed")
    STATUS = "status", pgettext_lazy("history", "status")
    EVIDENCE = "evidence", pgettext_lazy("history", "evidence added")
    NO_EVIDENCE = "no_evidence", pgettext_lazy("history", "evidence taken away")
    CAUSE = "cause", pgettext_lazy("history", "analysis of causes")
    CONFIRMED = "confirmed", pgettext_lazy("history", "root cause confirmed")
    STEP = "step", pgettext_lazy("history", "step")
    SCORE = "score", pgettext_lazy("history", "scored")
    MONEY = "money", pgettext_lazy("history", "costs and benefits")
    EFFECT = "effect", pgettext_lazy("history", "effect checked")
    NOTE = "note", pgettext_lazy("history", "note")
