"""What cannot work is refused before anybody answers."""

import pytest

from surveys.logic.checks import Holds, Kind, check
from surveys.logic.reading import parse

NAMES = {
    "overall": Holds(Kind.NUMBER),
    "solved": Holds(Kind.CODE, codes=("yes", "partly", "no")),
    "channels": Holds(Kind.CODE, many=True, codes=("mail", "phone")),
    "comment": Holds(Kind.TEXT),
    "bought": Holds(Kind.DATE),
    "today": Holds(Kind.DATE),
    "agreed": Holds(Kind.TRUTH),
    "source": Holds(Kind.ANYTHING),
    "service_speed": Holds(Kind.NUMBER),
}


def problems(text, **more):
    return check(parse(text, NAMES), NAMES, **more)


@pytest.mark.parametrize(
    "text",
    [
        "{overall} <= 2 and {solved} != 'yes'",
        "{service.speed} + {overall} * 2 >= 6 or {agreed}",
        "{channels} contains 'mail' and {channels} contains ['mail', 'phone']",
        "{channels} = ['phone', 'mail'] and {channels.length} > 1",
        "{solved} anyof ['yes', 'partly'] and {channels} noneof ['phone']",
        "{comment} contains 'late' and length({comment}) > 20",
        "{bought} >= '2026-01-31' and {bought} < today()",
        "{agreed} = true and not {agreed} and {comment} empty",
        "{source} = 1 or {source} = 'x' or {source} > {overall}",
        "iif({agreed}, {overall}, null) = 3 and {solved} = null",
        "count({channels}, {comment}) > 1 and avg([1, {overall}]) < 2",
    ],
)
def test_what_works_passes(text):
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("{overal} = 1", "{overal}", "There is no {overal}. Did you mean {overall}?"),
        ("{Overall} = 1", "{Overall}", "Did you mean {overall}?"),
        ("{zzz} = 1", "{zzz}", "There is no {zzz} here."),
        ("{next} = 1", "{next}", "{next} comes later"),
        ("{overall} = 'two'", "'two'", "A number and a text can never be the same."),
        ("{solved} = 1", "1", "A choice and a number can never be the same."),
        ("{solved} = 'partley'", "'partley'", "Did you mean “partly”?"),
        ("{channels} anyof ['mail', 'fax']", "'fax'", "There are: mail, phone."),
        ("{channels} = 'mail'", "'mail'", "write “contains” or “anyof”"),
        ("{solved} contains 'yes'", "{solved}", "write = or “anyof”"),
        ("{solved} anyof 'yes'", "'yes'", "stands a list"),
        ("{comment} > 3", "{comment}", "Only numbers and dates"),
        ("{channels} > 1", "{channels}", "Here a number is needed, not several choices."),
        ("{bought} < '31.1.2026'", "'31.1.2026'", "'2026-01-31'"),
        ("{overall}", "{overall}", "This is a number, not yes or no"),
        ("{overall} and {agreed}", "{overall}", "This is a number, not yes or no"),
        ("{comment} + 1 = 'a1'", "1", "Here a text is needed, not a number."),
        ("sum({channels}) > 1", "{channels}", "Here a number is needed"),
        ("iif({agreed}, 1, 'a') = 1", "'a'", "Both values of iif must be alike"),
        ("[1, 'a'] contains 1", "'a'", "can never be the same"),
        ("{agreed} = 'true'", "'true'", "Yes or no and a text can never be the same."),
    ],
)
def test_what_cannot_work_is_said_with_its_place(text, place, words):
    (problem,) = problems(text, later={"next"})

    assert words in problem.message
    assert text[slice(*problem.span)] == place


def test_a_calculated_value_may_be_anything_or_what_is_wanted():
    assert problems("{overall} * 2", wants=None) == []
    assert problems("{overall} * 2", wants=Kind.NUMBER) == []
    (problem,) = problems("{comment}", wants=Kind.NUMBER)
    assert problem.message == "Here a number is needed, not a text."
