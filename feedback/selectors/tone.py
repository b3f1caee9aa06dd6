"""The simple check of an answer's tone, as hints beside the editor."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from feedback.models import Feedback
from feedback.panels import Hint
from feedback.rules.tone import Tone, judge_tone

_WORDS: dict[Tone, Callable[[], str]] = {
    Tone.BLAME: lambda: _("sounds like blame: say what happened, not who did it"),
    Tone.ABSOLUTE: lambda: _("sounds absolute: say what you know"),
    Tone.SHOUTING: lambda: _("looks like shouting"),
    Tone.COLD: lambda: _("sounds cold: say what you can do"),
}


def tone_hints(text: str, feedback: Feedback, user: Any) -> list[Hint]:
    return [Hint(_WORDS[one.tone](), one.words, one.start, one.end) for one in judge_tone(text)]
