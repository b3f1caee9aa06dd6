from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models import Feedback
from feedback.models.feedback import visible_condition
from surveys.enums import OVER, ResponseStatus
from surveys.models.tally import MARK, TOGETHER


def visible_answers(user: Any, prefix: str = "") -> Q:
    """What `visible_to` asks, of columns, for rows that point at a response ("response__") and of
    whose records few have to be looked up."""
    about = Q(**{f"{prefix}feedback__isnull": False})
    about &= visible_condition(user, f"{prefix}feedback__")
    mine = Q(**{f"{prefix}team__in": user.memberships.values("team")})
    free = Q(**{f"{prefix}feedback": None}) & (Q(**{f"{prefix}team": None}) | mine)
    return about | free


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Any) -> ResponseQuerySet:
        """What a member of staff may see: answers about feedback they may see; of the others
        (open links, erased records) their teams' and those that no team has."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        # Asked of each answer's record: the list of all that may be seen can be very long.
        about = Q(Exists(Feedback.objects.visible_to(user).filter(pk=OuterRef("feedback_id"))))
        free = Q(feedback=None) & (Q(team=None) | Q(team__in=user.memberships.values("team")))
        return self.filter(about | free)

    def for_list(self) -> ResponseQuerySet:
        return self.select_related("survey", "collector", "feedback", "agent", "team")

    def begun(self) -> ResponseQuerySet:
        """Not handed in: somebody is answering, or stopped half-way."""
        return self.exclude(status__in=OVER)

    def over(self) -> ResponseQuerySet:
        """Handed in, however it ended."""
        return self.filter(status__in=OVER)

    def complete(self) -> ResponseQuerySet:
        """What counts in results: complete, not a test, not taken out by quality control."""
        return self.filter(status=ResponseStatus.COMPLETE, is_test=False, is_counted=True)

    def in_two_parts(self) -> tuple[ResponseQuerySet, ResponseQuerySet]:
        """Those that are tallied and those that are not, each with an index of its own: of very
        many responses to a survey they are counted faster one after the other."""
        return self.filter(tally_place__isnull=False), self.filter(tally_place=None)


class Response(models.Model):
    """One person's answers to one version of a survey."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(
        "surveys.Survey", models.PROTECT, related_name="responses", verbose_name=_("survey")
    )
    version = models.ForeignKey(
        "surveys.SurveyVersion", models.PROTECT, related_name="+", verbose_name=_("version")
    )
    collector = models.ForeignKey(
        "surveys.Collector", models.PROTECT, related_name="responses", verbose_name=_("collector")
    )
    invitation = models.OneToOneField(
        "surveys.Invitation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="response",
        verbose_name=_("invitation"),
    )
    customer = models.ForeignKey(
        "accounts.Customer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    # Who had solved the matter, kept as it was when the survey was sent.
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    variant = models.CharField(_("variant"), max_length=20, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ResponseStatus, default=ResponseStatus.DRAFT
    )
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    active_ms = models.PositiveIntegerField(_("milliseconds spent"), default=0)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    seed = models.BigIntegerField(_("seed"), default=0)
    page_no = models.PositiveSmallIntegerField(_("page reached"), default=0)
    # Codes of the leaves that were on the page: the base of every share.
    shown = models.JSONField(_("shown"), default=list, blank=True)
    source = models.JSONField(_("source"), default=dict, blank=True)
    # What was typed so far, as the forms gave it: {code of the question: raw answer}. Null once
    # it was handed in, or given up: then there are rows of Answer.
    typed = models.JSONField(_("typed so far"), null=True, blank=True, editable=False)
    # Each page as it was sent: [[code of the page, milliseconds spent with it], …]. Null where
    # nobody measured it: taken down by staff, handed in by a program, from before it was kept.
    trail = models.JSONField(_("pages as they were sent"), null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    idempotency_key = models.CharField(
        _("key against duplicates"), max_length=64, unique=True, null=True, blank=True
    )
    # By which table it came in, where it was not answered here.
    imported = models.ForeignKey(
        "surveys.ResponseImport",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="responses",
        verbose_name=_("imported with"),
        db_index=False,  # below, only of those that were
    )
    weight = models.FloatField(_("weight"), default=1)
    is_test = models.BooleanField(_("test"), default=False)
    is_counted = models.BooleanField(_("counts"), default=True)
    # Its place among the tallied responses of the survey (Tally); null until then.
    tally_place = models.PositiveIntegerField(_("place in tallies"), null=True, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["survey", "completed_at"],
                name="response_completed",
                condition=Q(status="complete"),
            ),
            # Figures of all surveys together, day by day.
            models.Index(
                fields=["completed_at"],
                name="response_by_day",
                condition=Q(status="complete"),
            ),
            models.Index(
                fields=["survey", "-last_seen_at"],
                name="response_unfinished",
                condition=Q(status__in=["draft", "partial"]),
            ),
            models.Index(fields=["customer", "-id"], name="response_of_customer"),
            models.Index(fields=["survey", "-id"], name="response_of_survey"),
            # What results ask of every response of a survey, without reading the responses.
            models.Index(
                fields=["survey", "-id"],
                name="response_figures",
                include=[
                    *("status", "is_test", "is_counted", "tally_place", "version", "collector"),
                    *("language", "completed_at", "last_seen_at", "active_ms", "page_no"),
                    *("team", "feedback"),
                ],
            ),
            models.Index(fields=["feedback", "-id"], name="response_of_feedback"),
            models.Index(
                fields=["imported", "id"],
                name="response_of_import",
                condition=Q(imported__isnull=False),
            ),
            # The same of those that are tallied, in the order of their bits: written once, and so
            # a third as large.
            models.Index(
                fields=["survey", "tally_place"],
                name="response_tallied_figures",
                condition=Q(tally_place__isnull=False),
                include=[
                    *("status", "is_test", "is_counted", "version", "collector", "language"),
                    *("completed_at", "last_seen_at", "active_ms", "page_no", "team", "feedback"),
                ],
            ),
            models.Index(
                fields=["survey", "status", "id"],
                name="response_not_tallied",
                condition=Q(tally_place=None),
            ),
            # Whether a survey has any.
            models.Index(fields=["survey"], name="response_weighted", condition=~Q(weight=1)),
        ]
        triggers = [
            # What was shown is tallied, too.
            pgtrigger.Trigger(
                name="tallies_go_stale",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("shown"),
                condition=pgtrigger.Condition(
                    "NEW.tally_place IS NOT NULL AND OLD.shown IS DISTINCT FROM NEW.shown"
                ),
                func=f"""
                    UPDATE surveys_tallyblock SET is_fresh = false
                    WHERE survey_id = NEW.survey_id
                        AND number = NEW.tally_place / {TOGETHER};
                    RETURN NULL;
                """,  # noqa: S608 - our own names
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_complete_response_has_a_date",
                condition=~Q(status="complete") | Q(completed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.reference}"

    @property
    def is_over(self) -> bool:
        """Whether it was handed in, however it ended."""
        return self.status in OVER

    @property
    def reference(self) -> str:
        """What a person may quote: A1B2-C3D4."""
        code = self.key.hex[:8].upper()
        return f"{code[:4]}-{code[4:]}"


class Answer(models.Model):
    """One value: a picked choice, a number, a text, a date. One row for each picked choice of
    a multiple question and for each row of a matrix. Beside a choice stand the words of “other”
    as text and the place in a ranking as number; beside a file, as text, its name."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="answers", verbose_name=_("response")
    )
    question = models.ForeignKey(
        "surveys.Question", models.PROTECT, related_name="+", verbose_name=_("question")
    )
    choice = models.ForeignKey(
        "surveys.Choice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("choice"),
    )
    number = models.FloatField(
        pgettext_lazy("given as an answer", "number"), null=True, blank=True
    )
    text = models.TextField(_("text"), null=True, blank=True)  # noqa: DJ001 - null = no text
    date = models.DateField(_("date"), null=True, blank=True)
    file = models.CharField(_("file"), max_length=200, null=True, blank=True)  # noqa: DJ001

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = [
            models.Index(
                fields=["question", "choice"], name="answer_counts", include=["response"]
            ),
            models.Index(fields=["question", "number"], name="answer_numbers"),
            # What people wrote, in the order of responses.
            models.Index(
                fields=["response"],
                name="answer_texts",
                condition=Q(text__isnull=False, file__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question"],
                condition=Q(choice=None),
                name="one_value_per_question",
            ),
            models.UniqueConstraint(
                fields=["response", "question", "choice"],
                condition=Q(choice__isnull=False),
                name="each_choice_once",
            ),
            models.CheckConstraint(
                name="an_answer_says_something",
                condition=Q(choice__isnull=False)
                | Q(number__isnull=False)
                | Q(text__isnull=False)
                | Q(date__isnull=False)
                | Q(file__isnull=False),
            ),
        ]
        # Once for a statement: a trigger for each row takes the square of the rows of a COPY.
        triggers = [
            pgtrigger.Trigger(
                name=f"tallies_go_stale_{operation}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=kind,
                referencing=pgtrigger.Referencing(**{rows: "changed"}),
                func=MARK.format(together=TOGETHER, changed="changed"),
            )
            for operation, kind, rows in (
                ("insert", pgtrigger.Insert, "new"),
                ("update", pgtrigger.Update, "new"),
                ("delete", pgtrigger.Delete, "old"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.choice_id or self.number or self.date or '…'}"
