"""What a question must look like to measure something: figures pool by role, and a mean over
scales of different length would mean nothing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import Leaf

SATISFACTION = frozenset(
    {
        QuestionRole.OVERALL,
        QuestionRole.FUNCTIONAL,
        QuestionRole.SERVICE,
        QuestionRole.EMOTIONAL,
    }
)
SCALES: dict[QuestionRole, tuple[int, int]] = {
    **dict.fromkeys(SATISFACTION, (1, 5)),
    QuestionRole.NPS: (0, 10),
    QuestionRole.CES: (1, 7),
}
SOLVED_CODES = frozenset({"yes", "partly", "no"})


def role_faults(leaf: Leaf) -> Iterator[str]:
    """Why this leaf cannot have the role it claims, in plain words."""
    if leaf.role in SCALES:
        low, high = SCALES[leaf.role]
        if leaf.data_type != DataType.NUMBER or (leaf.minimum, leaf.maximum) != (low, high):
            yield _("to measure “%(role)s” it must be a scale from %(low)s to %(high)s.") % {
                "role": leaf.role.label,
                "low": low,
                "high": high,
            }
    elif leaf.role == QuestionRole.SOLVED:
        codes = {choice.code for choice in leaf.choices}
        if leaf.data_type != DataType.SINGLE or not {"yes", "no"} <= codes <= SOLVED_CODES:
            yield _(
                "to measure “%(role)s” its choices must have the codes yes, no (and partly)."
            ) % {"role": leaf.role.label}
    elif leaf.role == QuestionRole.COMMENT and leaf.data_type != DataType.TEXT:
        yield _("to be the comment it must take a text.")
