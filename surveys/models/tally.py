from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOGETHER = 4096  # responses in a block, one bit each: 512 bytes an answer

# What is marked when answers change: the blocks in which their responses stand. The lock makes a
# change and the service that tallies wait for one another, so that neither misses the other.
# A block is written to even if it is stale: whoever is tallying it anew has to hear of it.
MARK = """
    UPDATE surveys_tallyblock SET is_fresh = false FROM (
        SELECT DISTINCT held.survey_id, held.tally_place / {together} AS number FROM (
            SELECT survey_id, tally_place FROM surveys_response
            WHERE id IN (SELECT response_id FROM {changed}) FOR KEY SHARE
        ) held WHERE held.tally_place IS NOT NULL
    ) those
    WHERE surveys_tallyblock.survey_id = those.survey_id
        AND surveys_tallyblock.number = those.number;
    RETURN NULL;
"""


class BitsField(models.Field):
    """One bit for each response of a block, written and counted by PostgreSQL only."""

    def db_type(self, connection: Any) -> str:
        return f"bit({TOGETHER})"


class TallyBlock(models.Model):
    """Complete responses of a survey that were tallied together, so that the answers of very many
    are counted without reading them. What is not `is_fresh` has changed since, and is counted
    answer by answer until it is tallied anew."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="tally_blocks", verbose_name=_("survey")
    )
    number = models.PositiveIntegerField(_("number"))
    is_fresh = models.BooleanField(_("up to date"), default=False)
    tallied_at = models.DateTimeField(_("tallied"), default=timezone.now)

    class Meta:
        verbose_name = _("tallied block")
        verbose_name_plural = _("tallied blocks")
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="blocks_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.number}"


class Tally(models.Model):
    """Who of a block gave one answer, or was shown a question: bit n stands for the response at
    place n of the block. Which of them count is said by the responses at the moment of counting,
    never here."""

    block = models.ForeignKey(
        TallyBlock, models.CASCADE, related_name="tallies", verbose_name=_("tallied block")
    )
    question = models.ForeignKey(
        "surveys.Question", models.CASCADE, related_name="+", verbose_name=_("question")
    )
    is_shown = models.BooleanField(_("to whom it was shown"), default=False)
    choice = models.ForeignKey(
        "surveys.Choice",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("choice"),
    )
    number = models.FloatField(
        pgettext_lazy("given as an answer", "number"), null=True, blank=True
    )
    date = models.DateField(_("date"), null=True, blank=True)
    bits = BitsField(_("who"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        ordering = ["block", "question", "pk"]

    def __str__(self) -> str:
        return f"{self.block_id}: {self.question_id}"
