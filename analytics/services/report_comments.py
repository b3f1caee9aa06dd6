"""Comments of colleagues on the parts of a report."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analytics.enums import ReportStep
from analytics.models import ReportComment, ReportPart
from analytics.services.reports import note
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page


@transaction.atomic
def write_comment(part_id: int, text: str, *, by: User) -> ReportComment:
    """Say something about a part; its owner and whoever wrote in the part are told."""
    part = ReportPart.objects.select_related("report").get(pk=part_id)
    comment = ReportComment.objects.create(part=part, text=text.strip(), author=by)
    note(part.report, ReportStep.COMMENTED, by=by, part=part.kind)
    told = {part.report.owner_id, part.changed_by_id} - {None}
    notify_of_page(
        [pk for pk in told if pk is not None],
        NoticeKind.REPORT,
        by=by,
        page=f"{part.report.get_absolute_url()}#comment-{comment.pk}",
        title=part.report.title,
        text=text,
    )
    return comment


@transaction.atomic
def settle_comment(comment_id: int, *, by: User, settled: bool = True) -> ReportComment:
    """Nothing is left to do about it; or (not `settled`) there is after all."""
    comment = ReportComment.objects.select_for_update(of=["self"]).get(pk=comment_id)
    if settled != (comment.resolved_at is not None):
        comment.resolved_at = timezone.now() if settled else None
        comment.resolved_by = by if settled else None
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment
