from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import FilterNotKnown
from config.kernel.errors import DomainError
from config.kernel.punctuation import listed


class StepNotAllowed(DomainError):
    code = "step_not_allowed"

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(
            _("A record that is “%(current)s” cannot become “%(wanted)s”.")
            % {"current": current, "wanted": wanted}
        )


class Stale(DomainError):
    """Somebody changed the record since the page was opened."""

    code = "stale"

    def __init__(self, current_version: int) -> None:
        super().__init__(_("Somebody else changed this record while you had it open."))
        self.current_version = current_version


class NothingToUndo(DomainError):
    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__(_("This can no longer be undone: something happened since."))


class ViewGone(FilterNotKnown):
    """A saved view that was put away, or is not for this person."""

    def __init__(self, number: str) -> None:
        super().__init__("saved", number[:20])
        self.message = _("This view is not there any more, or it is not shared with you.")


class NumbersCovered(FilterNotKnown):
    """Pieces of numbers would tell what is covered for this person."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.message = numbers_covered()


def numbers_covered() -> str:
    return str(_("Looking for numbers in texts needs the permission to show personal data."))


class ViewNotAllowed(DomainError):
    """A saved view that makes no sense, or that this person may not give to others."""

    code = "view_not_allowed"


class TooMany(DomainError):
    code = "too_many"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("At most %(limit)d records can be changed at once. Narrow the list with a filter.")
            % {"limit": limit}
        )


class NothingWritten(DomainError):
    code = "nothing_written"

    def __init__(self) -> None:
        super().__init__(_("Write something first."))


class VariablesUnfilled(DomainError):
    code = "variables_unfilled"

    def __init__(self, names: list[str], words: Iterable[object]) -> None:
        super().__init__(
            _("Fill in or remove these before sending: %(names)s") % {"names": listed(words)}
        )
        self.names = names


class NoWayToAnswer(DomainError):
    code = "no_way_to_answer"

    def __init__(self) -> None:
        super().__init__(
            _("This customer has no e-mail address. Call them, and note what was said.")
        )


class NotInTeam(DomainError):
    code = "not_in_team"

    def __init__(self) -> None:
        super().__init__(_("This person may not see the records of that team."))


class RuleNotUsable(DomainError):
    """A routing rule that would do nothing, or could never be reached."""

    code = "rule_not_usable"


class RuleNotYours(DomainError):
    """A routing rule that also concerns teams which this person neither leads nor belongs to."""

    code = "rule_not_yours"


class AutomationRefused(DomainError):
    """A rule of automation that cannot be kept or switched on as it is."""

    code = "automation_refused"


class FileRefused(DomainError):
    code = "file_refused"


class UploadGone(DomainError):
    """Put into another message, or removed, since it was looked up."""

    code = "upload_gone"

    def __init__(self, key: object) -> None:
        super().__init__(_("The file was used for something else meanwhile. Upload it again."))
        self.id = str(key)


class TooManyUploads(DomainError):
    code = "too_many_uploads"

    def __init__(self, most: int) -> None:
        words = _("%(most)d files wait to be attached. Attach them, or come back tomorrow.")
        super().__init__(words % {"most": most})
        self.most = most


class AlreadyPlanned(DomainError):
    code = "already_planned"

    def __init__(self) -> None:
        super().__init__(_("This record has an open task of that kind."))


class AlreadyDone(DomainError):
    code = "already_done"

    def __init__(self) -> None:
        super().__init__(_("Somebody has done this task already."))


class MentionNotAllowed(DomainError):
    """Somebody is mentioned who may not see the record, or a name that several people have."""

    code = "mention_not_allowed"

    def __init__(self, *, hidden_from: Iterable[str] = (), ambiguous: Iterable[str] = ()) -> None:
        names, several = list(hidden_from), list(ambiguous)
        if names:
            sentence = _("%(names)s may not see this record and cannot be mentioned in it.")
            super().__init__(sentence % {"names": listed(names)})
        else:
            sentence = _("Several people are called %(names)s: write @ and their e-mail address.")
            super().__init__(sentence % {"names": listed(several)})
        self.names = names or several


class DraftStale(DomainError):
    """The same text was changed in another window or on another device."""

    code = "draft_stale"

    def __init__(self, version: int, text: str) -> None:
        super().__init__(_("This text was changed in another window."))
        self.version = version
        self.text = text


class TouchedSince(DomainError):
    """A bulk change leaves alone what somebody else did meanwhile: `name`, "" for the
    customer."""

    code = "touched_since"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s has changed this since the bulk change was ordered.") % {"name": name}
            if name
            else _("The customer has written since the bulk change was ordered.")
        )


class TimeHasPassed(DomainError):
    code = "time_has_passed"

    def __init__(self) -> None:
        super().__init__(_("Choose a time that is still to come, within a year."))


class NotMergeable(DomainError):
    """Two records cannot be one; `code` and the sentence say why."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def itself(cls) -> "NotMergeable":
        return cls("merge_into_itself", _("A record cannot be merged into itself."))

    @classmethod
    def already(cls, number: int, target: int) -> "NotMergeable":
        sentence = _("#%(number)s was merged into #%(target)s already.")
        return cls("already_merged", sentence % {"number": number, "target": target})

    @classmethod
    def into_merged(cls, number: int, target: int) -> "NotMergeable":
        sentence = _("#%(number)s was itself merged into #%(target)s: merge into that one.")
        return cls("target_is_merged", sentence % {"number": number, "target": target})

    @classmethod
    def holds_others(cls, number: int) -> "NotMergeable":
        sentence = _("Other records were merged into #%(number)s: separate them first.")
        return cls("holds_merged", sentence % {"number": number})

    @classmethod
    def spam(cls, number: int) -> "NotMergeable":
        sentence = _("#%(number)s is spam.")
        return cls("merge_with_spam", sentence % {"number": number})

    @classmethod
    def staff(cls) -> "NotMergeable":
        sentence = _("A suggestion of staff and a customer’s record stay two: link them instead.")
        return cls("merge_with_suggestion", sentence)


class CustomersDiffer(DomainError):
    """The two records are of two people; somebody has to say that this is meant."""

    code = "customers_differ"

    def __init__(self, source: str, target: str) -> None:
        sentence = _(
            "These are records of two customers: %(source)s and %(target)s. Answers will go to "
            "%(target)s only. Confirm that this is meant."
        )
        super().__init__(sentence % {"source": source, "target": target})
        self.names = (source, target)


class NotMerged(DomainError):
    code = "not_merged"

    def __init__(self, number: int) -> None:
        super().__init__(_("#%(number)s is not merged into another record.") % {"number": number})


class WrittenElsewhere(DomainError):
    """The record was merged: what is said belongs to the other one."""

    code = "merged"

    def __init__(self, number: int, target: int) -> None:
        sentence = _("#%(number)s was merged into #%(target)s: write there.")
        super().__init__(sentence % {"number": number, "target": target})
        self.target = target


class LinkRefused(DomainError):
    """Two records cannot be linked so; `code` and the sentence say why."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def itself(cls) -> "LinkRefused":
        return cls("link_to_itself", _("A record cannot be linked to itself."))

    @classmethod
    def already(cls, number: int) -> "LinkRefused":
        return cls("already_linked", _("#%(n)s is linked to this already.") % {"n": number})

    @classmethod
    def circle(cls, number: int) -> "LinkRefused":
        sentence = _("#%(n)s is already part of this, directly or through others.")
        return cls("link_circle", sentence % {"n": number})


class NothingToSplit(DomainError):
    code = "nothing_to_split"

    def __init__(self) -> None:
        super().__init__(_("The first message is the record: split from a later one on."))


class NothingForwarded(DomainError):
    code = "nothing_forwarded"

    def __init__(self) -> None:
        super().__init__(_("This message forwards nobody's mail, or that was settled before."))


class CommitmentRefused(DomainError):
    """It cannot be made as it stands; the sentence says why."""

    code = "commitment_refused"


class CommitmentSettled(DomainError):
    code = "commitment_settled"

    def __init__(self) -> None:
        super().__init__(_("This commitment was kept or withdrawn already."))


class AboveLimit(DomainError):
    code = "above_limit"

    def __init__(self) -> None:
        super().__init__(_("This is more than you may grant."))


class StateIsFixed(DomainError):
    code = "state_is_fixed"

    def __init__(self) -> None:
        super().__init__(_("Records have this status, so what it means cannot be changed."))


class LastOfItsKind(DomainError):
    code = "last_of_its_kind"

    def __init__(self) -> None:
        super().__init__(_("At least one status must stand for each meaning."))


class NextStatusLoops(DomainError):
    code = "next_status_loops"

    def __init__(self, way: Iterable[str]) -> None:
        words = _("What follows would go round in a circle: %(way)s.")
        super().__init__(words % {"way": " → ".join(way)})


class StatusNotUsable(DomainError):
    """A status is to do what its meaning does not allow."""

    code = "status_not_usable"

    @classmethod
    def for_beginning(cls) -> "StatusNotUsable":
        return cls(_("New records can only begin with a status that means “New” or “Open”."))

    @classmethod
    def for_reopening(cls) -> "StatusNotUsable":
        return cls(_("Reopened records need a status that means “Open”."))

    @classmethod
    def afterwards(cls) -> "StatusNotUsable":
        return cls(_("What follows must be a status in use, and not “Merged”."))


class StatusNeeded(DomainError):
    """A status cannot go: something counts on it."""

    code = "status_needed"

    @classmethod
    def to_begin(cls) -> "StatusNeeded":
        return cls(_("New records begin with this status. Let them begin with another one first."))

    @classmethod
    def to_reopen(cls) -> "StatusNeeded":
        return cls(_("Reopened records get this status. Choose another one for them first."))

    @classmethod
    def after(cls, names: Iterable[str]) -> "StatusNeeded":
        words = _("This status follows %(names)s. Let another one follow first.")
        return cls(words % {"names": listed(names)})


class NotOpen(DomainError):
    """Only what is still to be done can be put off."""

    code = "not_open"

    def __init__(self) -> None:
        super().__init__(_("Only an open record can be snoozed."))


class RecordClosed(DomainError):
    """Nothing more is written into what is closed for good."""

    code = "record_closed"

    def __init__(self) -> None:
        super().__init__(_("This record is closed for good. Reopen it, or wait for a follow-up."))


class NotClosed(DomainError):
    code = "not_closed"

    def __init__(self) -> None:
        super().__init__(_("This record is not closed any more."))


class ReopeningUnclear(DomainError):
    code = "reopening_unclear"

    @classmethod
    def unknown(cls) -> "ReopeningUnclear":
        return cls(_("Choose what happens when the customer writes again."))

    @classmethod
    def days(cls) -> "ReopeningUnclear":
        return cls(_("Say within how many days."))

    @classmethod
    def range(cls, most: int) -> "ReopeningUnclear":
        return cls(_("Days are between 1 and %(most)d.") % {"most": most})


class FieldsMissing(DomainError):
    """Something must be known before the record can be resolved; `fields` are codes."""

    code = "fields_missing"

    def __init__(self, codes: list[str], names: Iterable[str]) -> None:
        super().__init__(
            _("Fill this in before it is resolved: %(names)s") % {"names": listed(names)}
        )
        self.fields = codes


class RecordHeld(DomainError):
    """A legal hold stands against removing anything of it."""

    code = "record_held"

    def __init__(self, number: int) -> None:
        super().__init__(
            _("#%(number)d is under a legal hold: nothing of it is removed.") % {"number": number}
        )


class StillOpen(DomainError):
    code = "still_open"

    def __init__(self, number: int) -> None:
        words = _("#%(number)d is not settled: nothing of it is removed.")
        super().__init__(words % {"number": number})


class RuleUnusable(DomainError):
    """A retention rule that could not be run, or must not be."""

    code = "rule_unusable"


class NegativePointsMissing(DomainError):
    """Negative feedback is not resolved silently: what is missing is done, or somebody says why
    not."""

    code = "negative_points_missing"

    def __init__(self, labels: Iterable[object]) -> None:
        sentence = _(
            "This is negative feedback; still missing: %(points)s. Do it, or say in the card "
            "“Negative feedback” why it is resolved without."
        )
        super().__init__(sentence % {"points": listed(labels)})


class NegativeRefused(DomainError):
    code = "negative_refused"


class TraceRefused(DomainError):
    code = "trace_refused"


class HandedInOtherwise(DomainError):
    """What is handed in once more was handed in with another choice about the name."""

    code = "handed_in_otherwise"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This has been handed in already, with another choice about your name, and that "
                "stays as it is. Open the page anew to hand in something else."
            )
        )


class PushNotOpen(DomainError):
    code = "push_not_open"

    def __init__(self) -> None:
        super().__init__(_("No mail is taken by HTTP here: make an address first."))


class MailboxNotRead(DomainError):
    code = "mailbox_not_read"


class TooManyCategories(DomainError):
    code = "too_many_categories"

    def __init__(self, most: int) -> None:
        super().__init__(_("A record is about %(n)d further categories at most.") % {"n": most})
