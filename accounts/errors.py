from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class AddressNotUsable(DomainError):
    code = "address_not_usable"

    def __init__(self) -> None:
        super().__init__(_("This is not an address that mail can be sent to."))


class TooLateToRecall(DomainError):
    code = "too_late_to_recall"

    def __init__(self) -> None:
        super().__init__(_("This message is already on its way."))


class CannotSendAgain(DomainError):
    code = "cannot_send_again"

    def __init__(self) -> None:
        super().__init__(_("Only what failed or is uncertain can be sent again."))


class ReasonMissing(DomainError):
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Say why."))


class AlreadyStopped(DomainError):
    code = "already_stopped"

    def __init__(self) -> None:
        super().__init__(_("Automatic mail is stopped already."))


class NotStopped(DomainError):
    code = "not_stopped"

    def __init__(self) -> None:
        super().__init__(_("Automatic mail is not stopped."))


class NotBlocked(DomainError):
    code = "not_blocked"

    def __init__(self) -> None:
        super().__init__(_("This address is not blocked."))


class ContactBelongsToAnother(DomainError):
    code = "contact_belongs_to_another"

    def __init__(self) -> None:
        super().__init__(_("This contact already belongs to another customer."))


class CustomerChanged(DomainError):
    """Somebody changed the customer since the form was opened."""

    code = "customer_changed"

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this customer while you had the form open."))


class NotYourself(DomainError):
    code = "not_yourself"

    def __init__(self) -> None:
        super().__init__(_("You cannot take your own access away."))


class OrganisationTaken(DomainError):
    code = "organisation_taken"

    def __init__(self) -> None:
        super().__init__(_("There is an organisation of this name already."))


class UnknownScope(DomainError):
    code = "unknown_scope"

    def __init__(self) -> None:
        super().__init__(_("A token needs at least one scope, and only known ones."))


class CustomersNotMergeable(DomainError):
    """Two customers cannot be made one; `code` and the sentence say why."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def same(cls) -> "CustomersNotMergeable":
        return cls("same_customer", _("This is one and the same customer."))

    @classmethod
    def not_there(cls) -> "CustomersNotMergeable":
        sentence = _("One of the two was merged or erased meanwhile.")
        return cls("customer_gone", sentence)

    @classmethod
    def both_verified(cls) -> "CustomersNotMergeable":
        sentence = _(
            "Both have proven who they are. Merge them only if you know that it is one person, "
            "and say so."
        )
        return cls("both_verified", sentence)


class CustomersNotSeparable(DomainError):
    """A merge of customers cannot be taken back; `code` and the sentence say why."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def not_merged(cls) -> "CustomersNotSeparable":
        return cls("customer_not_merged", _("This customer is not merged into another one."))

    @classmethod
    def erased(cls) -> "CustomersNotSeparable":
        return cls("customer_gone", _("The data of one of the two were erased."))

    @classmethod
    def merged_since(cls) -> "CustomersNotSeparable":
        sentence = _("The customer that stayed was merged itself since: take that back first.")
        return cls("merged_since", sentence)


class PrivacyRefused(DomainError):
    """A privacy request cannot be made or decided so; `code` and the sentence say why."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def legal_hold(cls) -> "PrivacyRefused":
        sentence = _("This customer's data must be kept for now: a legal hold is set.")
        return cls("legal_hold", sentence)

    @classmethod
    def records_held(cls, records: Sequence[str]) -> "PrivacyRefused":
        """`records` as people say them: "#1042"."""
        sentence = _(
            "A legal hold keeps %(records)s, and with it who wrote it. Lift the hold of each "
            "first; a copy can be made all the same."
        )
        named = ", ".join(records[:10]) + ("…" if len(records) > 10 else "")
        return cls("records_held", sentence % {"records": named})

    @classmethod
    def gone(cls) -> "PrivacyRefused":
        return cls("customer_gone", _("This customer was merged or erased."))

    @classmethod
    def already(cls) -> "PrivacyRefused":
        return cls("already_asked", _("The same was asked for already and is not done yet."))

    @classmethod
    def own(cls) -> "PrivacyRefused":
        sentence = _("A second person has to agree: not the one who asked.")
        return cls("own_request", sentence)

    @classmethod
    def not_waiting(cls) -> "PrivacyRefused":
        return cls("not_waiting", _("There is nothing to decide any more."))


class ContactForgotten(DomainError):
    """Data of this person were erased; old data must not bring them back."""

    code = "contact_forgotten"

    def __init__(self) -> None:
        sentence = _(
            "The data of the person behind this contact were erased. It can be used again once "
            "they write to us themselves."
        )
        super().__init__(sentence)


class NothingWrittenDown(DomainError):
    code = "nothing_written"

    def __init__(self) -> None:
        super().__init__(_("Write something first."))


class WebhookNotUsable(DomainError):
    """A webhook cannot be kept, or not be sent to, as it stands."""

    code = "webhook_not_usable"


class HoldUnexplained(DomainError):
    code = "hold_unexplained"

    def __init__(self) -> None:
        super().__init__(_("Say why: whoever wants to remove something will read it."))


class FilterNotKnown(DomainError):
    """A list was asked for by a filter, a value or an order that does not exist."""

    code = "filter_not_known"

    def __init__(self, field: str, value: str = "") -> None:
        if value:
            sentence = _("“%(value)s” is not something that “%(field)s” can be.")
        else:
            sentence = _("There is no filter named “%(field)s”.")
        super().__init__(sentence % {"field": field, "value": value})
        self.field = field
        self.value = value
