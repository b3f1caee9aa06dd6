"""Publications: drafted, checked, published, withdrawn. What is public never holds personal data
that nobody has answered for."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from analytics.enums import PublicationKind, PublicationState, PublicationStep
from analytics.errors import PublicationHasChanged, PublicationRefused, PublicationTellsWho
from analytics.models import Measure, Problem, Publication, PublicationEntry
from analytics.models.publication import PUBLISH, WORDS, quarter_of
from analytics.rules.publication import first_words
from analytics.selectors.publication_check import findings_in, languages_of
from analytics.selectors.publication_draft import known_of
from config.kernel.bilingual import is_chinese

FIELDS = ("kind", "year", "quarter", *WORDS)
DRAFT, CHECKED = PublicationState.DRAFT, PublicationState.CHECKED
PUBLISHED, WITHDRAWN = PublicationState.PUBLISHED, PublicationState.WITHDRAWN


@transaction.atomic
def draft_publication(
    *,
    by: User,
    language: str,
    measure: Measure | None = None,
    problem: Problem | None = None,
    kind: str = "",
    words: Mapping[str, Any] | None = None,
) -> Publication:
    """A draft with first words in `language`, from a measure or a problem as far as `by` may see
    them, or of `words` ({field: text}). `kind`: of PublicationKind, else as far as the measure
    is."""
    known, effect = known_of(by, language, measure=measure, problem=problem, kind=kind)
    year, quarter = quarter_of(timezone.localdate())
    one = Publication(
        kind=PublicationKind.PLAN if known.is_plan else PublicationKind.DONE,
        year=year,
        quarter=quarter,
        problem=problem or (measure.problem if measure else None),
        measure=measure,
        effect=effect,
        created_by=by,
    )
    end = "zh" if is_chinese(language) else "en"
    if measure is not None or problem is not None:
        with override(language):
            for part, text in first_words(known).items():
                setattr(one, f"{part}_{end}", text)
    _write(one, words or {})
    one.save()
    note(one, PublicationStep.DRAFTED, by=by)
    return one


@transaction.atomic
def save_publication(
    publication_id: int, *, by: User, version: int | None = None, **words: Any
) -> Publication:
    """Write `words` (some of FIELDS). What was checked is a draft again; a correction of what is
    published needs the permission to publish, is checked, and goes live at once. Raises
    PublicationHasChanged, PublicationRefused, PublicationTellsWho."""
    one = locked(publication_id)
    if version is not None and one.version != version:
        raise PublicationHasChanged
    before = {name: getattr(one, name) for name in FIELDS}
    _write(one, words)
    if before == {name: getattr(one, name) for name in FIELDS}:
        return one
    if one.state == PUBLISHED:
        if not by.has_perm(PUBLISH):
            raise PublicationRefused(_("Only who may publish can correct what is published."))
        _ensure_fit(one)
    elif one.state == CHECKED:
        one.state = DRAFT
    one.version += 1
    _save(one)
    note(one, PublicationStep.EDITED, by=by)
    return one


@transaction.atomic
def allow_finding(publication_id: int, key: str, *, by: User, why: str) -> Publication:
    """What was found under this key tells nobody's name: a false alarm. `why` goes into the
    history, without the words that were found. Raises PublicationRefused."""
    one = locked(publication_id)
    found = next((each for each in findings_in(one) if each.key == key), None)
    if found is None:
        raise PublicationRefused(_("It does not stand there any more."))
    if not why.strip():
        raise PublicationRefused(_("Say why it may stand there."))
    if key not in one.allowed:
        one.allowed = [*one.allowed, key]
        _save(one)
        note(one, PublicationStep.ALLOWED, by=by, words=why, kind=found.kind)
    return one


@transaction.atomic
def check_publication(publication_id: int, *, by: User) -> Publication:
    """It may be published as it is. Raises PublicationRefused, PublicationTellsWho."""
    one = _in_state(publication_id, DRAFT)
    _ensure_fit(one)
    one.state = CHECKED
    _save(one)
    note(one, PublicationStep.CHECKED, by=by)
    return one


@transaction.atomic
def take_publication_back(publication_id: int, *, by: User) -> Publication:
    """A draft again: what was checked, or what was withdrawn. Raises PublicationRefused."""
    one = _in_state(publication_id, CHECKED, WITHDRAWN)
    one.state = DRAFT
    _save(one)
    note(one, PublicationStep.TAKEN_BACK, by=by)
    return one


@transaction.atomic
def publish(publication_id: int, *, by: User) -> Publication:
    """Everybody can read it from now on. It is looked over once more: names may have come to be
    known since. Raises PublicationRefused, PublicationTellsWho."""
    one = _in_state(publication_id, CHECKED)
    _ensure_fit(one)
    one.state = PUBLISHED
    one.published_at = one.published_at or timezone.now()
    _save(one)
    note(one, PublicationStep.PUBLISHED, by=by)
    return one


@transaction.atomic
def withdraw(publication_id: int, *, by: User, why: str = "") -> Publication:
    """Its page says from now on that it was withdrawn; lists, feeds and embedded pages do not
    have it. `why` is for colleagues. Raises PublicationRefused."""
    one = _in_state(publication_id, PUBLISHED)
    one.state, one.withdrawn_at = WITHDRAWN, timezone.now()
    _save(one)
    note(one, PublicationStep.WITHDRAWN, by=by, words=why)
    return one


@transaction.atomic
def remove_publication(publication_id: int) -> bool:
    """For good while it was never published; False when it was: its address says that it was
    withdrawn."""
    one = locked(publication_id)
    if one.published_at is not None:
        return False
    one.delete()
    return True


def note(
    one: Publication, step: PublicationStep, *, by: User | None, words: str = "", **about: Any
) -> PublicationEntry:
    """Inside another service: what happened, for the history. `about`: codes and numbers."""
    return PublicationEntry.objects.create(
        publication=one,
        step=step,
        actor=by,
        actor_name=by.name if by else "",
        note=words.strip()[:1000],
        about=about,
    )


def locked(publication_id: int) -> Publication:
    """Raises Publication.DoesNotExist."""
    return Publication.objects.select_for_update(of=["self"]).get(pk=publication_id)


def _write(one: Publication, words: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in words:
            given = words[name]
            setattr(one, name, given.strip() if isinstance(given, str) else given)


def _save(one: Publication) -> None:
    one.changed_at = timezone.now()
    one.save()


def _in_state(publication_id: int, *states: PublicationState) -> Publication:
    one = locked(publication_id)
    if one.state not in states:
        raise PublicationRefused(
            _("This cannot be done now: the publication is “%(state)s”.")
            % {"state": one.get_state_display()}
        )
    return one


def _ensure_fit(one: Publication) -> None:
    if not languages_of(one):
        raise PublicationRefused(
            _("A headline, what customers said, what is done and what came of it: fill them in "
              "in one language at least.")
        )  # fmt: skip
    if any(not found.is_allowed for found in findings_in(one)):
        raise PublicationTellsWho
