"""Days of birth, where the text says that it is one. Other days are no personal data. Pure."""

import re

from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_DAY = (
    rf"{_YEAR}[ ]?[-./年][ ]?[01]?[0-9][ ]?[-./月][ ]?[0-3]?[0-9][ ]?[日号]?|"
    rf"{_YEAR}[01][0-9][0-3][0-9](?![0-9])|"
    rf"{_YEAR}年[01]?[0-9]月|[0-3]?[0-9][-./][0-3]?[0-9][-./](?:{_YEAR}|[0-9]{{2}})(?![0-9])|"
    rf"{_MONTH}[ ][0-3]?[0-9](?:st|nd|rd|th)?,?[ ]{_YEAR}|[0-3]?[0-9](?:st|nd|rd|th)?[ ](?:of[ "
    rf"])?{_MONTH},?[ ]{_YEAR}"
)
_SAID = re.compile(
    r"(?:出生(?:日期|年月日?|时间)?|生日|生于|(?<![A-Za-z])(?:date[ ]of[ ]birth|d\.?o\.?b\.?|"
    r"birth[ ]?(?:date|day)|born(?:[ ]on)?))"
    rf"[ ]?(?:是|为|于|在|is|was)?[ ]?[:：]?[ ]?(?P<day>{_DAY})",
    re.IGNORECASE,
)
_THEN_SAID = re.compile(
    rf"(?<![0-9])(?P<day>{_YEAR}[-./年][01]?[0-9][-./月][0-3]?[0-9]日?)[ ]?(?:出?生(?!产|效|成|鲜|"
    rf"日?蛋糕)|的?生日)"
)


def birthdays(text: str) -> Spans:
    """Days after “born on” or 出生日期, and before 出生."""
    for pattern in (_SAID, _THEN_SAID):
        for found in pattern.finditer(text):
            yield Span(*found.span("day"), Kind.BIRTH_DATE, Certainty.CERTAIN)
