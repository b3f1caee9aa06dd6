from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.kernel.search import lookups  # noqa: F401 - registers `asks`
from config.kernel.search.queries import SearchQuery, Term
from feedback.enums import StaleKind


class EntryQuerySet(models.QuerySet[Any]):
    def matching(self, query: SearchQuery, months: Sequence[str] = ()) -> EntryQuerySet:
        """Those that hold all that is wanted and nothing that is not; none when the query says
        nothing. `months`: only what came in then (tokens.month_token); the index itself puts the
        others aside, which is many times cheaper than looking at their dates."""
        if not query.wanted and not query.unwanted:
            return self.none()
        within = " | ".join(f"'{month}'" for month in months)
        asked = " & ".join(part for part in (query.tsquery, within and f"({within})") if part)
        found = self.filter(tokens__asks=asked) if asked else self
        for term in query.wanted:
            if term.verify:
                found = found.filter(folded__contains=term.text)
        for term in query.unwanted:
            found = found.exclude(_holds(term))
        return found


def _holds(term: Term) -> models.Q:
    condition = models.Q(tokens__asks=term.tsquery)
    return condition & models.Q(folded__contains=term.text) if term.verify else condition


class SearchEntry(models.Model):
    """What a record can be found by: its own words, its customer's, those of its messages.

    Written by services.search_index from what triggers noticed. The weight of a token says where
    it stands: A subject, numbers, place; B customer; C messages; D notes and names of files.
    One token more says in which month the record came in.
    """

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.DO_NOTHING,  # a trigger takes it away, also when the record goes by SQL
        primary_key=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("feedback"),
    )
    tokens = SearchVectorField(_("words"))
    # To look at where tokens find more than was asked for: phrases, long words.
    folded = models.TextField(_("text"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [GinIndex(fields=["tokens"], name="search_tokens")]

    def __str__(self) -> str:
        return self.folded[:60]


class CustomerEntry(models.Model):
    """What a customer can be found by: name, organisation, contacts."""

    customer = models.OneToOneField(
        "accounts.Customer",
        models.DO_NOTHING,  # as above
        primary_key=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("customer"),
    )
    tokens = SearchVectorField(_("words"))
    folded = models.TextField(_("text"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry of a customer")
        verbose_name_plural = _("search entries of customers")
        indexes = [GinIndex(fields=["tokens"], name="search_customer_tokens")]

    def __str__(self) -> str:
        return self.folded[:60]


class StaleEntry(models.Model):
    """Something that the search does not know of yet. Triggers add rows, services.search_index
    takes them away; several may say the same."""

    kind = models.CharField(_("kind"), max_length=16, choices=StaleKind)
    object_id = models.BigIntegerField(_("id"))
    noticed_at = models.DateTimeField(_("noticed"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("outdated search entry")
        verbose_name_plural = _("outdated search entries")
        indexes = [models.Index(fields=["kind", "object_id"], name="search_stale")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
