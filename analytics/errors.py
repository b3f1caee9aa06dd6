from django.utils.translation import gettext as _

from config.kernel.errors import DomainError


class ReviewedMeanwhile(DomainError):
    """Somebody else was quicker; both would say how the same thing was read."""

    code = "reviewed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody has looked at it meanwhile."))


class NoCategorySaid(DomainError):
    code = "no_category_said"

    def __init__(self) -> None:
        super().__init__(_("Say which category it is; the machine does not know."))


class WordingRefused(DomainError):
    """Words for counting texts that cannot be meant so; the message says which and why."""

    code = "wording_refused"


class MeasureRefused(DomainError):
    """A measure cannot go there (yet); the message says what stands in the way."""

    code = "measure_refused"


class ProblemRefused(DomainError):
    """Something that a problem or its causes may not become; the message says why."""

    code = "problem_refused"


class ScoreRefused(DomainError):
    code = "score_refused"

    def __init__(self) -> None:
        super().__init__(_("These numbers are outside what the scheme allows."))


class EffectRefused(DomainError):
    """The effect of a measure cannot be measured like this; the message says why."""

    code = "effect_refused"


class OwnerCannotSee(DomainError):
    code = "owner_cannot_see"

    def __init__(self) -> None:
        super().__init__(_("Only somebody who may see problems and measures can be given one."))


class BoardRefused(DomainError):
    """A dashboard or a tile that cannot be so; the message says why."""

    code = "board_refused"

    @classmethod
    def too_many_boards(cls, most: int) -> "BoardRefused":
        return cls(_("You have %(most)s dashboards already. Remove one first.") % {"most": most})

    @classmethod
    def too_many_tiles(cls, most: int) -> "BoardRefused":
        return cls(_("A dashboard has room for %(most)s tiles.") % {"most": most})

    @classmethod
    def not_to_be_shared(cls) -> "BoardRefused":
        return cls(_("You may not share dashboards."))

    @classmethod
    def no_team(cls) -> "BoardRefused":
        return cls(_("Say which team it is for."))

    @classmethod
    def no_name(cls) -> "BoardRefused":
        return cls(_("A dashboard needs a name."))

    @classmethod
    def no_such_metric(cls) -> "BoardRefused":
        return cls(_("This metric does not exist."))

    @classmethod
    def no_such_dimension(cls) -> "BoardRefused":
        return cls(_("This metric cannot be told apart or narrowed like that."))

    @classmethod
    def chart_does_not_fit(cls) -> "BoardRefused":
        return cls(_("This chart does not fit this metric."))


class PartHasChanged(DomainError):
    """Somebody saved the same part of a report since it was opened."""

    code = "part_has_changed"

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this part meanwhile."))


class ReportNotInState(DomainError):
    """What was asked for belongs to another state of the report."""

    code = "report_not_in_state"

    def __init__(self, state: object) -> None:
        super().__init__(
            _("This cannot be done now: the report is “%(state)s”.") % {"state": state}
        )


class BlocksRefused(DomainError):
    """A part that is made of what there is not; the message says which."""

    code = "blocks_refused"


class ReportTellsWho(DomainError):
    """Personal data was found, and nobody said that it is meant to be there."""

    code = "report_tells_who"

    def __init__(self) -> None:
        super().__init__(_("Look at the personal data that was found in it before it is issued."))


class ThanksRefused(DomainError):
    """Thanks that cannot be said; the message says why."""

    code = "thanks_refused"

    @classmethod
    def no_words(cls) -> "ThanksRefused":
        return cls(_("Say for what."))

    @classmethod
    def oneself(cls) -> "ThanksRefused":
        return cls(_("Nobody thanks themselves."))

    @classmethod
    def gone(cls) -> "ThanksRefused":
        return cls(_("This person no longer works here."))


class PublicationRefused(DomainError):
    """A publication cannot go there (yet); the message says what stands in the way."""

    code = "publication_refused"


class PublicationHasChanged(DomainError):
    """Somebody saved the same publication since it was opened."""

    code = "publication_has_changed"

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this publication meanwhile."))


class PublicationTellsWho(DomainError):
    """Personal data stands in it that nobody has said may stand there."""

    code = "publication_tells_who"

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is something in it that may tell who somebody is. Change the words, or say "
                "why it may stand there."
            )
        )


class QuoteRefused(DomainError):
    """Words that cannot be quoted; the message says why."""

    code = "quote_refused"


class CommentRefused(DomainError):
    """A comment that cannot be taken or shown; the message says why."""

    code = "comment_refused"


class AlertRuleRefused(DomainError):
    """A rule of alerts that cannot be watched; the message says why."""

    code = "alert_rule_refused"


class AlertRefused(DomainError):
    """What cannot be done with an alert; the message says why."""

    code = "alert_refused"
