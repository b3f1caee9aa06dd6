"""What customers are told, and what they say to it."""

from django.db import models
from django.utils.translation import pgettext_lazy


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
