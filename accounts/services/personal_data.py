"""The rules by which personal data is covered in texts."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import PersonalDataRules

MOST_LINES = 200
SHORTEST = 4  # signs of a pattern that are not “any number of”
_PATTERNS = ("order_numbers", "own_patterns")


@transaction.atomic
def save_personal_data_rules(rules: PersonalDataRules) -> PersonalDataRules:
    """They hold from the next page on. Raises ValidationError: a kind that there is not, too many
    lines, a pattern that fits everything."""
    refused: dict[str, str] = {}
    for name in ("never", *_PATTERNS):
        lines = [line.strip() for line in getattr(rules, name).splitlines() if line.strip()]
        setattr(rules, name, "\n".join(lines))
        if len(lines) > MOST_LINES:
            refused[name] = _("No more than %(most)s lines.") % {"most": MOST_LINES}
        short = [one for one in lines if len(one.replace("*", "")) < SHORTEST]
        if name in _PATTERNS and (short or any(one.count("*") > 2 for one in lines)):
            wrong = short or [one for one in lines if one.count("*") > 2]
            refused[name] = _(
                "“%(pattern)s” fits too much: write at least four signs and no more than two *."
            ) % {"pattern": wrong[0]}
    if refused:
        raise ValidationError(refused)
    rules.full_clean()
    rules.save()
    return rules
