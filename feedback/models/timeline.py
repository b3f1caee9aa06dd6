from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import TimelineKind
from feedback.rules.automation import HEARD

_HEARD = ", ".join(f"'{kind}'" for kind in HEARD)


class TimelineEntry(models.Model):
    """What happened to a record, who did it, when. Never changed, never deleted: a trigger
    refuses both; erasing a whole record goes through pgtrigger.ignore in one service."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="timeline", verbose_name=_("feedback")
    )
    kind = models.CharField(_("what"), max_length=12, choices=TimelineKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # Kept beside the reference, so that the story survives the person's account.
    actor_name = models.CharField(_("name of the person"), max_length=120, blank=True)
    # Codes and ids only (from, to …), never translated words: the page words them.
    data = models.JSONField(_("details"), default=dict, blank=True)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["feedback", "at"], name="timeline_of_feedback")]
        triggers = [
            pgtrigger.Protect(
                name="a_timeline_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            # Whoever writes a line, rules hear of it; nothing is noted while there are none. Once
            # for a statement: a trigger for each row takes the square of the rows of a COPY.
            pgtrigger.Trigger(
                name="rules_hear_of_it",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM feedback_automationrule WHERE is_active AND event <> 'time'
                    ) THEN
                        INSERT INTO feedback_automationevent (feedback_id, entry_id)
                            SELECT feedback_id, id FROM added
                            WHERE kind IN ({_HEARD}) ORDER BY id;
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - words of our own
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
