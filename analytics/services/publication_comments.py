"""What customers write about plans: kept as it came, shown after somebody looked at it, and a
record where there is somebody to answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import ContactKind
from accounts.models import Customer, User
from accounts.services.customers import find_or_create_customer
from analytics.enums import CommentState, PublicationStep
from analytics.errors import CommentRefused
from analytics.models import Publication, PublicationComment
from analytics.selectors.public_page import stored_page
from analytics.selectors.publication_check import Watcher
from analytics.services.publications import locked, note
from feedback.enums import Channel
from feedback.models import Feedback
from feedback.services.intake import receive_feedback


@transaction.atomic
def write_comment(
    publication_id: int,
    *,
    text: str,
    language: str,
    key: str,
    address: str = "",
    customer: Customer | None = None,
) -> PublicationComment:
    """It waits for a look. Who left an address, or came by the link in a mail, gets an answer:
    the comment is a record of theirs, too. The same `key` gives the same comment. Raises
    CommentRefused, AddressNotUsable."""
    one = locked(publication_id)
    known = PublicationComment.objects.filter(submission_key=key).first()
    if known is not None:
        return known
    if not may_comment(one):
        raise CommentRefused(_("Comments are closed."))
    if customer is None and address:
        customer = find_or_create_customer(
            kind=ContactKind.EMAIL, value=address, language=language
        )
    comment = PublicationComment(
        publication=one, text=text, language=language, submission_key=key, customer=customer
    )
    if customer is not None:
        comment.feedback = _record(one, comment, customer, address)
    comment.save()
    return comment


@transaction.atomic
def decide_comment(comment_id: int, *, by: User, show: bool) -> PublicationComment:
    """Show it to everybody, with personal data taken out of it, or keep it from being shown. Can
    be decided anew."""
    comment = (
        PublicationComment.objects.select_for_update(of=["self"])
        .select_related("publication")
        .get(pk=comment_id)
    )
    comment.state = CommentState.SHOWN if show else CommentState.HIDDEN
    watcher = Watcher(comment.publication, commenters=True)
    comment.shown = watcher.covered(comment.text) if show else ""
    comment.decided_by, comment.decided_at = by, timezone.now()
    comment.save()
    step = PublicationStep.COMMENT_SHOWN if show else PublicationStep.COMMENT_HIDDEN
    note(comment.publication, step, by=by)
    return comment


def may_comment(one: Publication) -> bool:
    return one.is_plan and one.is_published and stored_page().takes_comments


def _record(
    one: Publication, comment: PublicationComment, customer: Customer, address: str
) -> Feedback:
    with override(comment.language):
        subject = _("Comment on “%(title)s”") % {"title": one.wording(comment.language).title}
    return receive_feedback(
        channel=Channel.WEB_FORM,
        customer=customer,
        subject=subject,
        text=comment.text,
        language=comment.language,
        sender_address=address,
        submission_key=f"publication:{comment.submission_key}"[:100],
    )
