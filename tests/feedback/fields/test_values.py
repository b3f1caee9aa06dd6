"""The rule about values of custom fields, and the patterns that people write for them."""

import time

import pytest
from django.utils.translation import override

from accounts.enums import FieldKind
from accounts.rules.custom_values import Definition, Option, ValueNotFit, read_value, say_value
from accounts.rules.value_patterns import PatternRefused, compiled

COLOURS = (Option("red", "红", "Red"), Option("blue", "蓝", "Blue", is_archived=True))


def field(kind, **more):
    return Definition(code="x", kind=FieldKind(kind), **more)


READ = [
    ("short_text", "  a\u200bb ", "ab"),
    ("long_text", "a\r\nb", "a\nb"),
    ("integer", "１２", 12),
    ("integer", 7.0, 7),
    ("decimal", "0.1", 0.1),
    ("decimal", 3.0, 3),
    ("yes_no", False, False),
    ("date", "2026-02-28", "2026-02-28"),
    ("moment", "2026-11-22T14:30+08:00", "2026-11-22T06:30:00+00:00"),
    ("choice", "red", "red"),
    ("choices", ["blue", "red", "red"], ["red", "blue"]),
    ("email", "Li@Example.ORG", "li@example.org"),
    ("phone", "+86 138-1234-5678", "13812345678"),
    ("url", "https://example.org/a?b=c", "https://example.org/a?b=c"),
    ("order", "HY-2026/11", "HY-2026/11"),
    ("short_text", "", None),
    ("short_text", " ", None),
    ("choices", [], None),
]


@pytest.mark.parametrize(("kind", "raw", "kept"), READ)
def test_a_value_is_kept_in_one_form(kind, raw, kept):
    value = read_value(field(kind, options=COLOURS), raw)

    assert value == kept
    assert type(value) is type(kept)


REFUSED = [
    ("short_text", "a\x00b"),
    ("short_text", "a\nb"),
    ("short_text", 5),
    ("short_text", "x" * 201),
    ("integer", "1.5"),
    ("integer", True),
    ("integer", "nan"),
    ("integer", 10**13),
    ("decimal", "0.123"),
    ("yes_no", "yes"),
    ("date", "2026-02-30"),
    ("date", "22.11.2026"),
    ("moment", "9999-12-31T23:59+14:00"),
    ("moment", "tomorrow"),
    ("choice", "green"),
    ("choice", {"a": 1}),
    ("choices", "red"),
    ("choices", [["red"]]),
    ("email", "li@example"),
    ("phone", "12"),
    ("url", "javascript:alert(1)"),
    ("url", "https://"),
    ("order", "é!"),
]


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_what_does_not_fit_is_refused_in_words(kind, raw):
    with pytest.raises(ValueNotFit) as refusal:
        read_value(field(kind, options=COLOURS), raw)

    assert refusal.value.message


def test_bounds_and_patterns_hold():
    with pytest.raises(ValueNotFit, match="At least 5"):
        read_value(field("integer", minimum="5"), 4)
    with pytest.raises(ValueNotFit, match="Not after"):
        read_value(field("date", maximum="2026-01-01"), "2026-01-02")
    with pytest.raises(ValueNotFit, match="looks like this: AB-1"):
        read_value(field("order", pattern=r"^[A-Z]{2}-\d+$", example="AB-1"), "ab-1")
    assert read_value(field("order", pattern=r"[A-Z]{2}-\d+"), "AB-99") == "AB-99"


def test_values_are_said_in_the_readers_language():
    weight = field("decimal", unit_zh="千克", unit_en="kg")
    with override("zh-hans"):
        assert say_value(weight, 1.5) == "1.5 千克"
        assert say_value(field("choices", options=COLOURS), ["red", "blue"]) == "红、蓝"
    with override("en"):
        assert say_value(weight, 1.5) == "1.5 kg"
        assert say_value(field("moment"), "2026-11-22T06:30:00+00:00") != ""
        assert say_value(field("choice", options=COLOURS), "gone") == "gone"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a|b)*", "(a?){9}", r"(.)\1", "(?=a)", "(?P<x>a)", "a**", "a{5,2}", "[a", "(a",
        "a)", "\\", "[a--b]", "[[a]", ".*.*.*.*", "*a", "a" * 201, r"\bx",
    ],
)  # fmt: skip
def test_a_pattern_that_could_run_for_ever_is_refused(pattern):  # T50
    with pytest.raises(PatternRefused) as refusal:
        compiled(pattern)

    assert refusal.value.message


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (r"[A-Z]{2,4}-\d{6,10}(-[A-Z])?", "HY-20261122-B"),
        (r"^(SN|HY)\d{8}$", "SN12345678"),
        (r"[^\s]+@\w+", "a@b"),
        (r"\$\d+\.\d{2}", "$10.50"),
        (r"[]a]+", "]a"),
    ],
)
def test_usual_patterns_work_and_the_worst_text_costs_little(pattern, fits):
    found = compiled(pattern)
    assert found.fullmatch(fits)

    began = time.perf_counter()
    for text in ("A" * 200, "1" * 200, "a@" * 100):
        found.fullmatch(text)
    assert time.perf_counter() - began < 0.5
