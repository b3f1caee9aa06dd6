"""Files of many responses, made in the background."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.jobs import enqueue
from feedback.enums import JobState
from feedback.errors import FilterNotKnown
from surveys.models import Response, ResponseExport, Survey
from surveys.models.response import ResponseQuerySet
from surveys.models.response_export import export_path
from surveys.selectors.response_list import narrowed, narrowed_by_origin, read_filters
from surveys.selectors.unfinished import unfinished
from surveys.services.response_files import note_export, write_file

KEPT = timedelta(days=1)


def responses_for(
    survey: Survey,
    by: User,
    filters: Mapping[str, Sequence[str]],
    *,
    with_unfinished: bool = False,
) -> ResponseQuerySet:
    """Those that `by` may see, narrowed; `with_unfinished` also what was begun and not handed in,
    as far as filters ask where it comes from and not what was answered. Raises FilterNotKnown,
    ConditionInvalid."""
    chosen = read_filters(survey, filters, by)
    counted = narrowed(Response.objects.visible_to(by).complete().filter(survey=survey), chosen)
    if not with_unfinished:
        return counted
    begun = narrowed_by_origin(unfinished(survey, by), chosen)
    either = Q(pk__in=counted.order_by().values("pk")) | Q(pk__in=begun.order_by().values("pk"))
    return Response.objects.filter(either)


@transaction.atomic
def order_export(
    survey: Survey,
    *,
    by: User,
    filters: Mapping[str, Sequence[str]],
    options: Mapping[str, Any],
    language: str,
) -> ResponseExport:
    """Have a file made, as `by` sees the responses then. Raises FilterNotKnown,
    ConditionInvalid."""
    one = ResponseExport.objects.create(
        survey=survey,
        by=by,
        filters={name: list(values) for name, values in filters.items()},
        options=dict(options),
        language=language,
        total=responses_for(
            survey, by, filters, with_unfinished=bool(options.get("unfinished"))
        ).count(),
    )
    enqueue("surveys.tasks.make_response_export", export_id=one.pk)
    return one


def make_export(export_id: int) -> None:
    """Safe to run twice: the second file takes the place of the first."""
    found = ResponseExport.objects.select_related("by", "survey")
    one = found.filter(pk=export_id).first()
    if one is None or not one.is_under_way:
        return
    with override(one.language), tempfile.TemporaryFile() as file:
        try:
            responses = responses_for(
                one.survey,
                one.by,
                one.filters,
                with_unfinished=bool(one.options.get("unfinished")),
            )
        except (FilterNotKnown, ConditionInvalid):
            _settle(one, JobState.FAILED)
            return
        note_export(one.survey, one.by, one.options["format"])
        write_file(file, one.survey, one.by, responses, one.options)
        file.seek(0)
        _remove_file(export_path(one, ""))  # of a worker that died after it wrote it
        one.file.save("", File(file), save=False)
        _settle(one, JobState.DONE)


@transaction.atomic
def _settle(one: ResponseExport, state: JobState) -> None:
    if not ResponseExport.objects.select_for_update().filter(pk=one.pk).exists():
        if one.file:  # taken away meanwhile: somebody in it was forgotten
            one.file.delete(save=False)
        return
    one.state, one.finished_at = state, timezone.now()
    one.save(update_fields=["state", "finished_at", "file"])


def remove_old_exports(now: datetime) -> int:
    """Files of more than a day ago; how many that were."""
    return _remove(ResponseExport.objects.filter(created_at__lt=now - KEPT))


def forget_exports() -> None:
    """Somebody is to be forgotten who may stand in one: they can be ordered again."""
    _remove(ResponseExport.objects.all())


@transaction.atomic
def _remove(exports: Any) -> int:
    files = [str(name) for name in exports.exclude(file="").values_list("file", flat=True)]
    count: int = exports.delete()[0]
    for name in files:
        transaction.on_commit(partial(_remove_file, name))
    return count


def _remove_file(name: str) -> None:
    with suppress(OSError):
        default_storage.delete(name)
