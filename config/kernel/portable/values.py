"""One value of a column as JSON has it, and back: of exactly the kind that the column holds, and
nothing that the database could not take."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_duration
from django.utils.duration import duration_iso_string
from django.utils.translation import gettext as _

from config.kernel.conditions.errors import FieldNotKnown, SubjectNotKnown
from config.kernel.conditions.fields import Field as Asked
from config.kernel.conditions.vocabulary import Vocabulary, vocabulary
from config.kernel.portable.names import Names, NotPortable
from config.kernel.punctuation import labelled


def to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, date | Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    return int(value) if isinstance(value, int) else str(value)  # also of enumerations


def from_json(column: "models.Field[Any, Any]", raw: Any) -> Any:
    """Raises NotPortable with the column's name."""
    if raw is None and column.null:
        return None
    try:
        value = _read(column, raw)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        value = None
    if value is None:
        words = _("this is not what it holds: %(what)s") % {"what": str(raw)[:60]}
        raise NotPortable(labelled(column.verbose_name, words))
    return value


def _read(column: "models.Field[Any, Any]", raw: Any) -> Any:
    if isinstance(column, ArrayField):
        return [_read(column.base_field, one) for one in raw] if isinstance(raw, list) else None
    if isinstance(column, models.JSONField):
        return raw
    if isinstance(column, models.BooleanField):
        return raw if isinstance(raw, bool) else None
    if isinstance(column, models.IntegerField):
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if not isinstance(raw, str):
        return None
    return _read_text(column, raw)


def _read_text(column: "models.Field[Any, Any]", raw: str) -> Any:
    kind = next((one for one in _TEXTS if isinstance(column, one)), None)
    return None if kind is None else _TEXTS[kind](raw)


def _number(raw: str) -> Decimal | None:
    number = Decimal(raw)
    return number if number.is_finite() else None


def _moment(raw: str) -> datetime | None:
    moment = parse_datetime(raw)
    return moment if moment is not None and timezone.is_aware(moment) else None


# A moment's column is a day's as well: the narrower comes first.
_TEXTS: dict[Any, Callable[[str], Any]] = {
    models.DecimalField: _number,
    models.DateTimeField: _moment,
    models.DateField: parse_date,
    models.DurationField: parse_duration,
    models.UUIDField: uuid.UUID,
    models.CharField: str,
    models.TextField: str,
}


# --- conditions ---------------------------------------------------------------------------------
def pack_tree(tree: Any, subject: str, names: Names) -> Any:
    """A kept condition with the names of rows in place of their keys. Raises NotPortable."""

    def pack(model: Any, key: Any) -> str:
        return names.name_of(model, key)

    return _translated(tree, _vocabulary(subject), pack)


def unpack_tree(tree: Any, subject: str, names: Names) -> Any:
    """The opposite; whether it makes sense is for whoever keeps it to find out."""
    return _translated(tree, _vocabulary(subject), names.key_of)


def _vocabulary(subject: str) -> Vocabulary:
    try:
        return vocabulary(subject)
    except SubjectNotKnown as unknown:
        raise NotPortable(_("Nothing can be asked about that.")) from unknown


def _translated(tree: Any, about: Vocabulary, translate: Any) -> Any:
    if not isinstance(tree, list) or not tree:
        return tree
    if tree[0] in ("and", "or", "not"):
        return [tree[0], *(_translated(one, about, translate) for one in tree[1:])]
    if len(tree) != 3:
        return tree
    model = _numbered(tree[1], about)
    if model is None:
        return tree
    operator, field, value = tree
    if isinstance(value, list):
        return [operator, field, sorted(translate(model, one) for one in value)]
    return [operator, field, translate(model, value)]


def _numbered(name: Any, about: Vocabulary) -> Any:
    """The table whose primary keys stand behind a field; None for any other field."""
    if not isinstance(name, str):
        return None
    try:
        field: Asked = about.field(name)
    except FieldNotKnown:
        return None
    source = getattr(field, "source", None)
    return source.rows().model if source is not None and source.by_number else None


def texts_in(value: Any) -> Iterator[str]:
    """Every text in some JSON, keys of objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
