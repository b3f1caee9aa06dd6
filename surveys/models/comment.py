from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SurveyCommentQuerySet(models.QuerySet["SurveyComment"]):
    def open(self) -> SurveyCommentQuerySet:
        return self.filter(resolved_at=None)


@pghistory.track()
class SurveyComment(models.Model):
    """What a colleague says about a survey that is being written: about a question, a page, or
    the whole (both empty)."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="comments", verbose_name=_("survey")
    )
    page = models.CharField(_("code of the page"), max_length=40, blank=True)
    element = models.CharField(_("code of the question"), max_length=40, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    mentions = models.JSONField(_("who is mentioned"), default=list, blank=True)  # ids
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_default=Now())
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = SurveyCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a survey")
        verbose_name_plural = _("comments on surveys")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_comment_is_about_one_thing", condition=Q(page="") | Q(element="")
            ),
            models.CheckConstraint(
                name="a_comment_is_settled_after_it_is_written",
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("surveys:comments", args=[self.survey.slug]) + f"#comment-{self.pk}"
