"""What the kinds of questions are called, what each is good for, and their pictures."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class KindWords:
    label: Promise
    about: Promise
    icon: str


GROUPS: tuple[tuple[Promise, dict[str, KindWords]], ...] = (
    (
        _("Choosing"),
        {
            "single_choice": KindWords(
                _("Single choice"), _("One of several answers."), "circle-dot"
            ),
            "multiple_choice": KindWords(
                _("Multiple choice"), _("Several of several answers."), "square-check"
            ),
            "dropdown": KindWords(
                _("Drop-down list"), _("One of many, in a list that opens."), "chevron-down"
            ),
            "ranking": KindWords(
                _("Ranking"), _("Put answers in order of preference."), "list-ordered"
            ),
        },
    ),
    (
        _("Rating"),
        {
            "stars": KindWords(_("Stars"), _("One to five stars."), "star"),
            "emoji": KindWords(_("Faces"), _("From an unhappy to a happy face."), "smile"),
            "scale": KindWords(
                _("Scale"), _("Numbers between two ends, such as 1 to 7."), "ruler"
            ),
            "slider": KindWords(_("Slider"), _("A point on a line."), "move-horizontal"),
            "likert": KindWords(
                _("Matrix"), _("Several statements, one answer for each."), "table-2"
            ),
            "matrix_multi": KindWords(
                _("Matrix with several answers"),
                _("Several rows, as many answers for each as fit."),
                "layout-grid",
            ),
        },
    ),
    (
        _("Measuring"),
        {
            "nps": KindWords(
                _("Recommendation (NPS)"), _("0 to 10: would people recommend us?"), "megaphone"
            ),
            "csat": KindWords(_("Satisfaction (CSAT)"), _("1 to 5: how satisfied?"), "thumbs-up"),
            "ces": KindWords(_("Effort (CES)"), _("1 to 7: was it easy?"), "footprints"),
            "constant_sum": KindWords(
                _("Share out points"), _("Divide 100 points among several things."), "chart-pie"
            ),
        },
    ),
    (
        _("Writing"),
        {
            "short_text": KindWords(
                _("One line"), _("A few words, an address or a phone number."), "minus"
            ),
            "long_text": KindWords(
                _("Free text"), _("In people's own words."), "text-align-start"
            ),
            "number": KindWords(
                pgettext_lazy("kind of question", "Number"), _("An amount or a count."), "hash"
            ),
            "date": KindWords(pgettext_lazy("kind of question", "Date"), _("A day."), "calendar"),
            "contact": KindWords(
                _("Contact details"), _("Name, e-mail, phone, company."), "contact"
            ),
            "file": KindWords(_("File"), _("A picture or a document."), "paperclip"),
        },
    ),
    (
        _("Without an answer"),
        {
            "statement": KindWords(
                _("Text between questions"), _("Words that explain; nothing to answer."), "info"
            ),
            "consent": KindWords(_("Consent"), _("A box to tick: I agree."), "shield-check"),
            "calculated": KindWords(
                _("Calculated value"), _("Worked out from answers; nobody sees it."), "calculator"
            ),
            "hidden": KindWords(
                _("Hidden field"), _("Filled by the link or from the customer."), "eye-off"
            ),
        },
    ),
)
KINDS: dict[str, KindWords] = {
    name: words for _title, kinds in GROUPS for name, words in kinds.items()
}
