"""Random conditions over a vocabulary, made from a seed so that a failure can be had again."""

import os
from random import Random

from config.kernel.conditions.choices import Choice, Reference
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.evaluation import Facts, evaluate
from config.kernel.conditions.fields import Text, YesNo
from config.kernel.conditions.operators import Needs, Shape
from config.kernel.conditions.ordered import Day, Duration, Moment, Number
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.sets import ChoiceSet, ReferenceSet, TextSet

# So many random cases each test tries: `CONDITION_CASES=10000 pytest tests/…` for a long look.
CASES = int(os.environ.get("CONDITION_CASES", "600"))

# Case, width, accents, two alphabets, a mark that composes, wildcards of SQL, quotes, emoji.
TEXTS = [
    "",
    "Leak",
    "LEAK again",
    "ｌｅａｋ　ａｇａｉｎ",
    "滤芯漏水",
    "退款 100%",
    "100_percent",
    "Straße",
    "STRASSE",
    "STRAẞE",
    "Éclair",
    "E\u0301clair",
    "éclair\\n",
    'say "no" and (or) not',
    "Протечка",
    "ПРОТЕЧКА снова",
    "ΣΊΣΥΦΟΣ σίσυφος",
    "İstanbul ıstanbul",
    "ﬁlter ①②③ ㍻",
    "ǅungla ǆungla",
    "ｶﾞﾗｽ ガラス",
    "😀 ok 👩‍👧",
    "a'b--;DROP",
    " ",
    "null",
    "12",
]
PIECES = [
    *filter(None, TEXTS),
    "e",
    "ST",
    "ss",
    "漏",
    "%",
    "_",
    "\\",
    "ガ",
    "ί",
    "É",
    "ﬁ",
    "И",
    "o",
]


def random_tree(rng: Random, vocabulary, keys, depth=3):
    roll = rng.random()
    if depth and roll < 0.35:
        head = rng.choice(["and", "or"])
        parts = rng.randint(2, 4)
        return [head, *(random_tree(rng, vocabulary, keys, depth - 1) for _ in range(parts))]
    if depth and roll < 0.5:
        return ["not", random_tree(rng, vocabulary, keys, depth - 1)]
    return random_test(rng, vocabulary, keys)


def random_test(rng: Random, vocabulary, keys):
    field = rng.choice(list(vocabulary))
    operator = rng.choice([one for one in field.operators if one.needs is not Needs.EVENT])
    tree = [operator.code, field.name]

    def one():
        return random_value(rng, field, operator.code, keys)

    match operator.shape:
        case Shape.ONE:
            tree.append(one())
        case Shape.MANY:
            many = [one() for _ in range(rng.randint(1, 3))]
            tree.append([value for at, value in enumerate(many) if value not in many[:at]])
        case Shape.PAIR:
            tree.append(sorted([one(), one()], key=field.order))
        case Shape.SPAN:
            tree.append(random_span(rng, ["days", "weeks"] if isinstance(field, Day) else None))
    return tree


def random_span(rng, units=None):
    return [rng.randint(1, 9), rng.choice(units or ["minutes", "hours", "days", "weeks"])]


def random_value(rng, field, code, keys):
    if isinstance(field, Text | TextSet):
        return rng.choice(PIECES)
    if isinstance(field, Choice | ChoiceSet):
        return rng.choice(field.options).code
    if isinstance(field, Reference | ReferenceSet):
        return rng.choice(keys(field.source))
    makers = {
        YesNo: lambda: rng.random() < 0.5,
        Number: lambda: random_number(rng, field),
        Duration: lambda: random_span(rng),
        Day: lambda: random_day(rng),
        Moment: lambda: random_day(rng) + random_time(rng, code),
    }
    return next(make for kind, make in makers.items() if isinstance(field, kind))()


def random_number(rng, field):
    value = rng.choice([-1, 0, 1, 2, 3, 4, 5, 10**12, -(10**12), rng.randint(0, 60)])
    return value + rng.choice([0.5, 0.25, 0.1]) if field.decimals and value < 99 else value


def random_day(rng):
    return f"2026-11-{rng.randint(1, 30):02}"


def random_time(rng, code):
    timed = code != "on" and rng.random() < 0.3
    return f"T{rng.randint(0, 23):02}:{rng.choice(['00', '30'])}" if timed else ""


def differences(rng, vocabulary, records, queryset, context, cases=CASES):
    """Trees for which a list and its records, one by one, do not say the same: (tree, records
    that `evaluate` took, records that the list had). Also how many fitted anything at all."""
    lookup = Lookup()
    known = {}

    def keys(source):
        if source not in known:
            known[source] = [source.key_of(row) for row in source.rows()]
        return known[source]

    facts = {record.pk: Facts(record) for record in records}
    found, fitting = [], 0
    for _ in range(cases):
        tree = random_tree(rng, vocabulary, keys)
        condition = read_tree(tree, vocabulary, lookup=lookup)
        one_by_one = sorted(pk for pk, one in facts.items() if evaluate(condition, one, context))
        listed = sorted(queryset.filter(to_q(condition, context)).values_list("pk", flat=True))
        fitting += 0 < len(listed) < len(facts)
        if one_by_one != listed:
            found.append((condition.tree, one_by_one, listed))
    return found, fitting
