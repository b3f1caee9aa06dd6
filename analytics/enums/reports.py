"""Satisfaction reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
