"""Which custom fields are asked about a record, and what stands in them, for pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from accounts.enums import FieldSubject
from accounts.models import Customer, CustomField
from accounts.rules.custom_values import Definition, missing, say_value
from accounts.selectors.custom_fields import Book, field_book, groups_of
from config.kernel.conditions.condition import Tree, leaves
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Priority, State
from feedback.models import Category, Feedback, Product
from feedback.rules.placeholders import MADE
from feedback.selectors.conditions import CATEGORIES


@dataclass(frozen=True, kw_only=True)
class Imagined:
    """A record as it will be, for asking which fields it has before it is there."""

    category: Category | None = None
    product: Product | None = None
    channel: str = ""
    priority: int = Priority.NORMAL
    language: str = ""
    journey_stage: str = ""
    status: Any = None
    state: str = State.NEW
    team_id: int | None = None
    customer: Customer | None = None


def fields_of_feedback(
    feedback: Feedback | Imagined, book: Book | None = None
) -> list[Definition]:
    """Those that are asked about this record. No query, but for those of a book just opened;
    the record has its category, product, status and customer."""
    book = book or field_book()
    return book.shown(FieldSubject.FEEDBACK, feedback, _context(feedback, book))


def fields_of_customer(customer: Customer, book: Book | None = None) -> list[Definition]:
    book = book or field_book()
    return book.shown(FieldSubject.CUSTOMER, customer, Context(now=timezone.now()))


def _context(feedback: Feedback | Imagined, book: Book) -> Context:
    """Where “under” is asked for, its answer is the path of the record's own category."""
    context = Context(now=timezone.now())
    asked = category_codes(book)
    if asked:
        category = feedback.category
        path = category.path if category else ""
        keys = _category_keys(book)
        for codes in asked:
            is_under = any(f"/{keys[code]}/" in path for code in codes if code in keys)
            context.memo["below", CATEGORIES, codes] = (
                [category.code] if category and is_under else []
            )
    return context


def category_codes(book: Book) -> list[tuple[str, ...]]:
    """The categories below which a field is asked for, as each condition names them."""
    conditions = book.conditions(FieldSubject.FEEDBACK).values()
    trees = [one.tree for one in conditions if one is not None]
    return [
        tuple(leaf[2])
        for tree in trees
        for leaf in leaves(tree)
        if leaf[0] in {"under", "not_under"} and leaf[1] == "category"
    ]


def _category_keys(book: Book) -> dict[str, int]:
    if "categories" not in book.memo:
        codes = {code for codes in category_codes(book) for code in codes}
        rows = Category.objects.filter(code__in=codes)
        book.memo["categories"] = dict(rows.values_list("code", "pk"))
    keys: dict[str, int] = book.memo["categories"]
    return keys


def categories_of(tree: Tree) -> tuple[list[str], list[str]] | None:
    """The categories (codes) that a condition asks for by themselves and with all below them,
    when it asks for nothing else; None for any other condition."""
    exact: list[str] = []
    below: list[str] = []
    tests = tree[1:] if tree[0] == "or" else [tree]
    for test in tests:
        if len(test) != 3 or test[1] != "category" or test[0] not in {"is", "in", "under"}:
            return None
        codes = test[2] if isinstance(test[2], list) else [test[2]]
        (below if test[0] == "under" else exact).extend(codes)
    return exact, below


@dataclass(frozen=True, slots=True)
class Shown:
    """A field and what stands in it, in words. `is_asked` is false for what is kept although the
    record no longer asks for it."""

    field: Definition
    value: Any
    words: str
    is_asked: bool = True
    is_missing: bool = False


Group = tuple[str, list[Shown]]


def shown_groups(
    asked: Sequence[Definition],
    book: Book,
    subject: str,
    values: Mapping[str, Any],
    *,
    required: Iterable[Definition] = (),
    public_only: bool = False,
) -> list[Group]:
    """For pages: what is asked, group by group, then what is kept and no longer asked."""
    wanted = {one.code for one in required}
    groups: list[Group] = [
        (
            name,
            [
                Shown(
                    one,
                    values.get(one.code),
                    say_value(one, values.get(one.code)),
                    is_missing=one.code in wanted and values.get(one.code) is None,
                )
                for one in those
                if one.is_public or not public_only
            ],
        )
        for name, those in groups_of(asked)
    ]
    if not public_only:
        codes = {one.code for one in asked}
        kept = [
            Shown(one, values[code], say_value(one, values[code]), is_asked=False)
            for code, one in book.all_of(subject).items()
            if code in values and code not in codes
        ]
        groups.append(("", kept))
    return [(name, those) for name, those in groups if those]


def groups_for_record(feedback: Feedback, book: Book) -> list[Group]:
    asked = fields_of_feedback(feedback, book)
    needed = [one for one in asked if one.required_to_resolve or one.required_for_staff]
    return shown_groups(asked, book, FieldSubject.FEEDBACK, feedback.custom, required=needed)


def groups_for_customer(customer: Customer, book: Book) -> list[Group]:
    return shown_groups(
        fields_of_customer(customer, book), book, FieldSubject.CUSTOMER, customer.custom
    )


def missing_to_resolve(feedback: Feedback) -> list[Definition]:
    """What must be filled in before this record is resolved."""
    book = field_book()
    if not any(one.required_to_resolve for one in book.of(FieldSubject.FEEDBACK)):
        return []
    asked = fields_of_feedback(feedback, book)
    return missing((one for one in asked if one.required_to_resolve), feedback.custom)


def made_variables() -> dict[str, str]:
    """The variables of templates that custom fields give, and their names."""
    book = field_book()
    return {
        f"{prefix}{one.code}": one.name
        for prefix, subject in zip(MADE, FieldSubject, strict=True)
        for one in book.of(subject)
    }


def asked_in_words(subject: str, rows: Iterable[CustomField]) -> dict[str, str]:
    """Code → when the field is asked for, as a sentence; "" for always."""
    rows = list(rows)
    trees = [row.shown_when for row in rows]
    read = read_trees(trees, vocabulary(f"asked_{subject}"), allowed=frozenset())
    found = {}
    for row, condition in zip(rows, read, strict=True):
        if isinstance(condition, ConditionInvalid):
            found[row.code] = gettext("The condition names something that is gone.")
        else:
            found[row.code] = "" if condition.is_always else sentence(condition)
    return found
