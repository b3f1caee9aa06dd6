import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rules.automatic_mail import (
    ABOUT_ONE_MATTER_AN_HOUR,
    ACKNOWLEDGEMENTS_IN_THREE_HOURS,
    TO_ONE_ADDRESS_AN_HOUR,
)


def _number(label: object, default: int, most: int, help_text: object = "") -> models.IntegerField:
    return models.PositiveIntegerField(
        label,  # type: ignore[arg-type]
        default=default,
        db_default=default,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        help_text=help_text,  # type: ignore[arg-type]
    )


@pghistory.track()
class MailLimits(models.Model):
    """How much automatic mail may go out, and how long an address rests after mail came back.
    There is one row, or none: then the defaults hold."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    acknowledgements = _number(
        _("acknowledgements to one address in three hours"),
        ACKNOWLEDGEMENTS_IN_THREE_HOURS,
        1_000,
        _("Anybody can cause one by writing in somebody else's name."),
    )
    to_address = _number(
        _("automatic mails to one address in an hour"),
        TO_ONE_ADDRESS_AN_HOUR,
        10_000,
        _("Shorter and longer spans have limits in proportion."),
    )
    about_record = _number(
        _("automatic mails about one record in an hour"), ABOUT_ONE_MATTER_AN_HOUR, 10_000
    )
    overall = _number(
        _("automatic mails to customers before all of them stop"),
        300,
        100_000,
        _("Acknowledgements and answers of rules together; survey mails are held with them."),
    )
    overall_minutes = _number(_("within how many minutes"), 10, 1_440)
    too_old_hours = _number(
        _("hours after which an acknowledgement that waits is not sent any more"),
        24,
        720,
        _("Nobody wants to hear days later that their mail arrived."),
    )
    bounces = _number(
        _("times that mail may come back, on different days"),
        3,
        30,
        _("Then the address is blocked for a while. “No such address” blocks at once."),
    )
    bounced_days = _number(_("days that it is then blocked"), 14, 3_650)
    dead_days = _number(_("days that an address which does not exist is blocked"), 60, 3_650)

    class Meta:
        verbose_name = _("limits for automatic mail")
        verbose_name_plural = _("limits for automatic mail")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
