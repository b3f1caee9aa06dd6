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


class TileChart(models.TextChoices):
    """How a tile of a dashboard shows its metric."""

    NUMBER = "number", pgettext_lazy("kind of chart", "Number")
    GAUGE = "gauge", pgettext_lazy("kind of chart", "Gauge")
    LINE = "line", pgettext_lazy("kind of chart", "Line")
    COLUMNS = "columns", pgettext_lazy("kind of chart", "Columns over time")
    SHARES = "shares", pgettext_lazy("kind of chart", "Shares over time")
    BARS = "bars", pgettext_lazy("kind of chart", "Bars")
    DONUT = "donut", pgettext_lazy("kind of chart", "Ring")
    PARETO = "pareto", pgettext_lazy("kind of chart", "Pareto")
    HEATMAP = "heatmap", pgettext_lazy("kind of chart", "Heat map")
    TABLE = "table", pgettext_lazy("kind of chart", "Table")


class TileSize(models.TextChoices):
    SMALL = "small", pgettext_lazy("size of a tile", "Quarter")
    MEDIUM = "medium", pgettext_lazy("size of a tile", "Half")
    WIDE = "wide", pgettext_lazy("size of a tile", "Whole row")


class BoardScope(models.TextChoices):
    """Who sees a dashboard beside its owner."""

    PERSONAL = "personal", pgettext_lazy("who sees a dashboard", "Only me")
    TEAM = "team", pgettext_lazy("who sees a dashboard", "A team")
    EVERYONE = "everyone", pgettext_lazy("who sees a dashboard", "Everybody")


class NoteKind(models.TextChoices):
    """What happened on a day that charts are read against."""

    RELEASE = "release", pgettext_lazy("note on the time line", "Release")
    CAMPAIGN = "campaign", pgettext_lazy("note on the time line", "Campaign")
    INCIDENT = "incident", pgettext_lazy("note on the time line", "Incident")
    OTHER = "other", pgettext_lazy("note on the time line", "Other")


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


class MailRhythm(models.TextChoices):
    """How often a dashboard comes by mail."""

    WEEKLY = "weekly", pgettext_lazy("how often", "Every Monday")
    MONTHLY = "monthly", pgettext_lazy("how often", "On the first of every month")


class ReportState(models.TextChoices):
    """draft → in review → approved → issued; from each of the last three it can be taken back."""

    DRAFT = "draft", pgettext_lazy("a report", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("a report", "In review")
    APPROVED = "approved", pgettext_lazy("a report", "Approved")
    ISSUED = "issued", pgettext_lazy("a report", "Issued")


class ReportLanguage(models.TextChoices):
    """What a report is written in, whatever its readers have chosen."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class PartKind(models.TextChoices):
    """The eight parts of a satisfaction report, in their order."""

    COVER = "cover", pgettext_lazy("part of a report", "Cover")
    CONTENTS = "contents", pgettext_lazy("part of a report", "Contents")
    INTRODUCTION = "introduction", pgettext_lazy("part of a report", "Introduction")
    OVERVIEW = "overview", pgettext_lazy("part of a report", "Data overview")
    ANALYSIS = "analysis", pgettext_lazy("part of a report", "Data analysis")
    PROBLEMS = "problems", pgettext_lazy("part of a report", "Problems")
    SUGGESTIONS = "suggestions", pgettext_lazy("part of a report", "Suggestions")
    CONCLUSION = "conclusion", pgettext_lazy("part of a report", "Conclusion")


class ReportStep(models.TextChoices):
    """What happened to a report."""

    BEGUN = "begun", pgettext_lazy("history of a report", "began it")
    DRAFTED = "drafted", pgettext_lazy("history of a report", "had it drafted by the schedule")
    SETTINGS = "settings", pgettext_lazy("history of a report", "changed what it is about")
    EDITED = "edited", pgettext_lazy("history of a report", "wrote in it")
    REFRESHED = "refreshed", pgettext_lazy("history of a report", "refreshed the figures")
    SUBMITTED = "submitted", pgettext_lazy("history of a report", "asked for a review")
    TAKEN_BACK = "taken_back", pgettext_lazy("history of a report", "took it back for changes")
    APPROVED = "approved", pgettext_lazy("history of a report", "approved it")
    ISSUED = "issued", pgettext_lazy("history of a report", "issued it")
    COMMENTED = "commented", pgettext_lazy("history of a report", "commented")
    SHARED = "shared", pgettext_lazy("history of a report", "made a link for others")
    WITHDRAWN = "withdrawn", pgettext_lazy("history of a report", "withdrew a link")


class ReportEvery(models.TextChoices):
    """How often a report is drafted by itself, about the time that has just ended."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")


class PublicationKind(models.TextChoices):
    """What customers are told: what was done, or what is planned, on which they may have a say."""

    DONE = "done", pgettext_lazy("a publication", "Done")
    PLAN = "plan", pgettext_lazy("a publication", "Planned")


class PublicationState(models.TextChoices):
    """draft → checked → published → withdrawn → draft; what is checked can go back, too."""

    DRAFT = "draft", pgettext_lazy("a publication", "Draft")
    CHECKED = "checked", pgettext_lazy("a publication", "Checked")
    PUBLISHED = "published", pgettext_lazy("a publication", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("a publication", "Withdrawn")


class PublicationStep(models.TextChoices):
    """What happened to a publication; a line of its history."""

    DRAFTED = "drafted", pgettext_lazy("history of a publication", "drafted it")
    EDITED = "edited", pgettext_lazy("history of a publication", "wrote in it")
    ALLOWED = (
        "allowed",
        pgettext_lazy("history of a publication", "said that this may stand there"),
    )
    CHECKED = "checked", pgettext_lazy("history of a publication", "checked it")
    TAKEN_BACK = (
        "taken_back",
        pgettext_lazy("history of a publication", "took it back for changes"),
    )
    PUBLISHED = "published", pgettext_lazy("history of a publication", "published it")
    WITHDRAWN = "withdrawn", pgettext_lazy("history of a publication", "withdrew it")
    ASKED = "asked", pgettext_lazy("history of a publication", "asked to quote a customer")
    QUOTE_GIVEN = (
        "quote_yes",
        pgettext_lazy("history of a publication", "a customer agreed to be quoted"),
    )
    QUOTE_REFUSED = (
        "quote_no",
        pgettext_lazy("history of a publication", "a customer does not want to be quoted"),
    )
    TOLD = "told", pgettext_lazy("history of a publication", "had customers told of it")
    COMMENT_SHOWN = (
        "comment_yes",
        pgettext_lazy("history of a publication", "let a comment be shown"),
    )
    COMMENT_HIDDEN = (
        "comment_no",
        pgettext_lazy("history of a publication", "kept a comment from being shown"),
    )


class QuoteState(models.TextChoices):
    """asked → given ⇄ refused (also: taken back later)."""

    ASKED = "asked", pgettext_lazy("a quote", "Asked")
    GIVEN = "given", pgettext_lazy("a quote", "May be quoted")
    REFUSED = "refused", pgettext_lazy("a quote", "May not be quoted")


class CommentState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("a comment of a customer", "Waits for a look")
    SHOWN = "shown", pgettext_lazy("a comment of a customer", "Shown")
    HIDDEN = "hidden", pgettext_lazy("a comment of a customer", "Not shown")
