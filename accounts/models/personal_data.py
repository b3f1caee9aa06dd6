import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import PersonalDataKind as Kind

# Money and papers: nobody needs them to answer, and their loss costs most.
SENSITIVE = (
    Kind.ID_CARD,
    Kind.BANK_CARD,
    Kind.PASSPORT,
    Kind.SSN,
    Kind.NATIONAL_INSURANCE,
    Kind.IBAN,
    Kind.OWN,
)
REACHES = (
    Kind.PHONE,
    Kind.EMAIL,
    Kind.ADDRESS,
    Kind.WECHAT,
    Kind.QQ,
    Kind.PLATE,
    Kind.BIRTH_DATE,
    Kind.URL,
)


def in_lists_at_first() -> list[str]:
    return [one.value for one in (*SENSITIVE, *REACHES)]


def in_conversations_at_first() -> list[str]:
    return [one.value for one in SENSITIVE]


@pghistory.track()
class PersonalDataRules(models.Model):
    """What of people's data is covered in texts, and where. There is one row, or none: then the
    defaults hold."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    in_lists = ArrayField(
        models.CharField(max_length=20, choices=Kind),
        verbose_name=_("covered in lists, search, files and results"),
        default=in_lists_at_first,
        blank=True,
    )
    in_conversations = ArrayField(
        models.CharField(max_length=20, choices=Kind),
        verbose_name=_("covered in conversations until somebody shows it"),
        default=in_conversations_at_first,
        blank=True,
        help_text=_("Whoever shows a message is written down."),
    )
    never = models.TextField(
        _("never covered"),
        blank=True,
        max_length=4000,
        help_text=_("One in each line, as it is written: your hotline, your own addresses."),
    )
    order_numbers = models.TextField(
        _("how your order numbers look"),
        blank=True,
        max_length=2000,
        help_text=_(
            "One in each line: # is a digit, ? a letter, * any number of both, as in SO-########. "
            "They are never covered."
        ),
    )
    own_patterns = models.TextField(
        _("patterns of your own"),
        blank=True,
        max_length=2000,
        help_text=_("One in each line, written in the same way: what fits is covered."),
    )

    class Meta:
        verbose_name = _("rules for personal data")
        verbose_name_plural = _("rules for personal data")
        permissions = [
            ("see_personal_data", _("Can see personal data uncovered everywhere")),
            ("reveal_personal_data", _("Can show covered personal data, which is written down")),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
