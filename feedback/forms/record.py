"""What staff send from the page of a record. Every form carries the version that the page shows
and how far its story went, so that nobody overwrites what they have not seen."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from feedback.enums import DraftKind, JourneyStage, Priority, State, TaskKind
from feedback.forms.public import SeveralFiles
from feedback.models import Category, ChecklistTemplate, Product, ReplyTemplate, Status
from feedback.selectors.snooze_times import NAMES, named_time


class SeenForm(forms.Form):
    """`version`: the record as the page shows it; empty = the sender did not look.
    `seen`: the newest entry of the timeline that the page shows."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ComposerForm(SeenForm):
    """An answer to the customer or a note; which of them, the pressed button says."""

    DO = [
        (name, "")
        for name in (
            "send",
            "wait",
            "resolve",
            "note",
            "draft",
            "untell",
            "tomorrow",
            "business",
            "later",
        )
    ]

    do = forms.ChoiceField(choices=DO)
    send_at = forms.DateTimeField(
        label=_("Send at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
    )
    text = forms.CharField(
        label=_("Your text"), required=False, strip=True, max_length=50_000, widget=forms.Textarea
    )
    files = SeveralFiles(label=_("Files"), required=False)  # type: ignore[assignment]
    # Pieces of text that were put in from templates.
    template = forms.ModelMultipleChoiceField(ReplyTemplate.objects.active(), required=False)
    # What the customer is told of by this.
    commitment = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    # Those of the draft's files that are to go with this.
    again = forms.TypedMultipleChoiceField(coerce=str, required=False)

    # Whether the page offered a signature; a box that is not ticked sends nothing.
    signature_shown = forms.BooleanField(required=False)
    signed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kept: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        again = cast("forms.ChoiceField", self.fields["again"])
        again.choices = [(key, key) for key in kept or []]

    @property
    def is_signed(self) -> bool:
        data = self.cleaned_data
        return bool(data["signed"] or not data["signature_shown"])


class DraftForm(forms.Form):
    """What the editor saves while one types; `version`: of the draft that it began with."""

    text = forms.CharField(required=False, strip=False, max_length=50_000)
    kind = forms.ChoiceField(choices=DraftKind.choices)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class StatusForm(SeenForm):
    status = forms.ModelChoiceField(Status.objects.active().exclude(state=State.MERGED))


class SnoozeForm(SeenForm):
    """Until when: a name of selectors.snooze_times, a moment, or "wake" for not any longer."""

    when = forms.ChoiceField(choices=[(name, "") for name in (*NAMES, "choose", "wake")])
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        error_messages={"invalid": _("Choose a day and a time.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "until" not in self.errors and data.get("when"):
            data["until"] = snoozed_until(data["when"], data.get("until"))
            if data["when"] == "choose" and data["until"] is None:
                self.add_error("until", _("Choose a day and a time."))
        return data


def snoozed_until(when: str, chosen: datetime | None) -> datetime | None:
    """What a pressed button means; None = not any longer, or that no time was chosen."""
    if when in NAMES:
        return named_time(when, timezone.now())
    return chosen if when == "choose" else None


class ReopenForm(SeenForm):
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


class HoldForm(SeenForm):
    """A reason places the hold; `release` lifts it."""

    reason = forms.CharField(label=_("Why"), max_length=500, required=False)
    release = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("release") and not data.get("reason"):
            self.add_error("reason", _("Say why: whoever wants to remove something will read it."))
        return data


class PriorityForm(SeenForm):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)


class AssigneeForm(SeenForm):
    """`assignee` empty = nobody."""

    assignee = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)


class TeamForm(SeenForm):
    team = forms.ModelChoiceField(Team.objects.active(), required=False)


class CategoryForm(SeenForm):
    category = forms.ModelChoiceField(Category.objects.active(), required=False)


class TagsForm(SeenForm):
    tags = forms.CharField(
        label=_("Tags"), required=False, help_text=_("Several with commas between them.")
    )

    def clean_tags(self) -> list[str]:
        return [name for name in self.cleaned_data["tags"].replace("，", ",").split(",") if name]


class AboutForm(SeenForm):
    """What the record is about, in one go."""

    subject = forms.CharField(label=_("Subject"), max_length=255)
    product = forms.ModelChoiceField(
        Product.objects.active(), label=_("Product"), required=False, empty_label="–"
    )
    order_number = forms.CharField(label=_("Order number"), max_length=60, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    journey_stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", "–"), *JourneyStage.choices], required=False
    )


class TaskForm(forms.Form):
    """A new task: what, until when, who."""

    kind = forms.ChoiceField(label=_("Task"), choices=TaskKind.choices, required=False)
    title = forms.CharField(
        label=_("In your words"), max_length=120, required=False, help_text=_("Empty: its kind.")
    )
    due_at = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    reason = forms.CharField(label=_("Because"), max_length=40, required=False)
    assignee = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Who"), required=False, empty_label="–"
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, required=False
    )
    checklist = forms.ModelChoiceField(
        ChecklistTemplate.objects.active(),
        label=_("Checklist"),
        required=False,
        empty_label=_("the one of its kind"),
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or TaskKind.CALL_BACK

    def clean_priority(self) -> int:
        return self.cleaned_data["priority"] or Priority.NORMAL

    def offer(self, people: QuerySet[User]) -> None:
        cast("forms.ModelChoiceField[User]", self.fields["assignee"]).queryset = people


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"), max_length=5000, widget=forms.Textarea({"rows": 2})
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class PostponeForm(forms.Form):
    due_at = forms.DateTimeField(
        label=_("Try again"), widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
