from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.enums import CollectorChannel, DuplicatePolicy
from surveys.models import Collector
from surveys.models.collector import ORIGIN
from surveys.selectors.doors import FRAMED_CHANNELS

# Those that lead somewhere already; the model knows more names.
CHANNELS = (
    CollectorChannel.LINK,
    CollectorChannel.QR,
    CollectorChannel.EMBED,
    CollectorChannel.POPUP,
    CollectorChannel.KIOSK,
    CollectorChannel.EMAIL,
    CollectorChannel.FOLLOW_UP,
    CollectorChannel.PHONE,
)


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class CollectorForm(forms.ModelForm):
    """One way by which a survey reaches people. Its channel is chosen once: links of the old one
    may be printed somewhere."""

    delay_hours = forms.IntegerField(
        label=_("Ask after (hours)"),
        required=False,
        min_value=0,
        max_value=24 * 90,
        help_text=_("Only after feedback was resolved."),
    )

    class Meta:
        model = Collector
        fields = [
            "name", "channel", "language", "opens_at", "closes_at", "response_limit",
            "duplicates", "quiet_days", "same_survey_days", "valid_days", "is_active",
            "sites", "popup_delay", "popup_percent",
        ]  # fmt: skip
        widgets = {
            "opens_at": _moment(),
            "closes_at": _moment(),
            "sites": forms.Textarea({"rows": 3, "placeholder": "https://www.example.com"}),
        }
        help_texts = {
            "language": _("Empty: that of whoever answers."),
            "response_limit": _("Empty: any number of responses."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("popup_delay", "popup_percent"):  # their usual values serve
            self.fields[name].required = False
        channel: Any = self.fields["channel"]
        channel.choices = [(one.value, one.label) for one in CHANNELS]
        if self.instance.pk is not None:
            channel.disabled = True
            channel.choices = [(self.instance.channel, self.instance.get_channel_display())]
        else:
            self.initial.setdefault("duplicates", DuplicatePolicy.NONE)
        if self.instance.delay is not None:
            hours = self.instance.delay / timedelta(hours=1)
            self.initial["delay_hours"] = round(hours)

    def clean_sites(self) -> str:
        """One origin a line, as a browser names it."""
        origins = []
        for written in self.cleaned_data["sites"].split():
            origin = written.rstrip("/").lower()
            if not ORIGIN.fullmatch(origin):
                raise forms.ValidationError(
                    _("“%(written)s” is not the address of a site, as https://www.example.com."),
                    params={"written": written},
                )
            origins.append(origin)
        return "\n".join(dict.fromkeys(origins))

    def clean_popup_delay(self) -> int:
        return self._or_usual("popup_delay")

    def clean_popup_percent(self) -> int:
        return self._or_usual("popup_percent")

    def _or_usual(self, name: str) -> int:
        given = self.cleaned_data[name]
        return int(getattr(self.instance, name) if given is None else given)

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        opens_at, closes_at = given.get("opens_at"), given.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("It must close after it opens."))
        if given.get("channel") in FRAMED_CHANNELS and given.get("sites") == "":
            self.add_error("sites", _("Name at least one site: no other page can show it."))
        return given

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "delay_hours" in self.changed_data:
            hours = self.cleaned_data.get("delay_hours")
            self.instance.delay = None if hours is None else timedelta(hours=hours)
