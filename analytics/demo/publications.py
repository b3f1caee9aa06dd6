"""What the demo company has told its customers: two things done, one of them measured, and a plan
on which some have voted. The page is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from analytics.enums import CommentState, PublicationKind
from analytics.models import (
    EffectCheck,
    Problem,
    Publication,
    PublicationComment,
    PublicationVote,
    PublicPage,
)
from analytics.models.publication import quarter_of
from analytics.selectors.publication_check import findings_in
from analytics.services.publications import (
    allow_finding,
    check_publication,
    draft_publication,
    publish,
    save_publication,
)
from config.kernel.tokens import digest

_VOTES = 23
_REFUNDS = {
    "title_zh": "退款每天审批",
    "said_zh": "同意退款之后，钱要等十天以上才到账。",
    "did_zh": "退款从每周审批一次改为每天审批，由两位同事轮值。",
    "result_zh": "七成半的退款现在三天内到账，以前不到一成。我们会继续统计。",
    "title_en": "Refunds are approved every day",
    "said_en": "After a refund was agreed, the money took more than ten days to arrive.",
    "did_en": "Refunds are approved every day instead of once a week, by two colleagues in turn.",
    "result_en": "Three in four refunds arrive within three days now; before, fewer than one in "
    "ten did. We go on counting.",
}
_FITTERS = {
    "title_zh": "上门安装不再迟到",
    "said_zh": "预约的时间没有人来，或者来得太晚又没有通知。",
    "did_zh": "我们给安装师傅配了排程工具，路程时间会算进去，改期会自动发短信。",
    "title_en": "Fitters come on time",
    "said_en": "Nobody came at the agreed time, or somebody came late without a word.",
    "did_en": "Fitters got a planning tool that counts the way between two homes and sends a "
    "message when a time changes.",
}
_PLAN = {
    "title_zh": "计划：更换所有老批次的密封圈",
    "said_zh": "换了滤芯以后接口滴水。",
    "did_zh": "我们打算换用更软的密封圈，并免费寄给已购买老批次净水器的客户。您会用到吗？",
    "result_zh": "如果进展顺利，明年年初开始寄出。",
    "title_en": "Planned: new seals for all of the old series",
    "said_en": "Water drips from the joint after the filter was changed.",
    "did_en": "We want to use a softer seal and send it for free to everybody with a purifier of "
    "the old series. Would it help you?",
    "result_en": "If all goes well it is sent out from the beginning of next year.",
}


def tell_customers_what_came(
    lead: User, problems: Sequence[int], *, now: datetime
) -> dict[str, list[int]]:
    """Gives the keys of what was made, by table. Nobody is written to."""
    made = [
        _publish(lead, _about(problems, "退款"), {**_REFUNDS, "kind": "done"}, now, days=40),
        _measured(lead, problems, now),
        _publish(lead, _about(problems, "漏水"), {**_PLAN, "kind": "plan"}, now, days=6),
    ]
    plan = made[-1]
    PublicationVote.objects.bulk_create(
        PublicationVote(publication=plan, voter=digest(f"demo {at}"), at=now)
        for at in range(_VOTES)
    )
    PublicationComment.objects.create(
        publication=plan,
        text="希望也能寄到县城，我家离门店很远。",
        shown="希望也能寄到县城，我家离门店很远。",
        language="zh-hans",
        state=CommentState.SHOWN,
        submission_key="demo-1",
        at=now - timedelta(days=3),
        decided_by=lead,
        decided_at=now - timedelta(days=2),
    )
    PublicationComment.objects.create(
        publication=plan,
        text="Will the old filters still fit? My number is 13812345678.",
        language="en",
        submission_key="demo-2",
        at=now - timedelta(hours=5),
    )
    page, is_new = PublicPage.objects.get_or_create(code="default", defaults={"is_on": True})
    keys = {Publication._meta.label: [one.pk for one in made]}
    return keys | ({PublicPage._meta.label: [page.pk]} if is_new else {})


def forget_publications(keys: dict[str, list[int]]) -> None:
    Publication.objects.filter(pk__in=keys.get(Publication._meta.label, [])).delete()
    PublicPage.objects.filter(pk__in=keys.get(PublicPage._meta.label, [])).delete()


def _measured(lead: User, problems: Sequence[int], now: datetime) -> Publication:
    """With the sentences of the measured effect, where the demo is large enough to have one."""
    check = EffectCheck.objects.filter(measure__problem__in=problems).first()
    about: dict[str, Any] = {"problem": _about(problems, "安装")}
    words: dict[str, Any] = {**_FITTERS, "kind": "done"}
    if check is None:
        words |= {"result_zh": "效果尚未测量。", "result_en": "It was not measured yet."}
    else:
        about = {"measure": check.measure}
        for language, end in (("zh-hans", "zh"), ("en", "en")):
            draft = draft_publication(by=lead, language=language, **about)
            words[f"result_{end}"] = getattr(draft, f"result_{end}")
            draft.delete()
    return _publish(lead, about.get("problem"), words, now, days=20, measure=about.get("measure"))


def _about(problems: Sequence[int], word: str) -> Problem | None:
    return Problem.objects.filter(pk__in=problems, title__contains=word).first()


def _publish(
    lead: User,
    problem: Problem | None,
    words: dict[str, Any],
    now: datetime,
    *,
    days: int,
    measure: Any = None,
) -> Publication:
    at = now - timedelta(days=days)
    year, quarter = quarter_of(at.date())
    one = draft_publication(
        by=lead,
        language="zh-hans",
        problem=problem,
        measure=measure,
        kind=PublicationKind(words["kind"]),
    )
    save_publication(one.pk, by=lead, **{**words, "year": year, "quarter": quarter})
    # Invented people may be called like a word of it.
    for key in {found.key for found in findings_in(Publication.objects.get(pk=one.pk))}:
        allow_finding(one.pk, key, by=lead, why="Demo")
    check_publication(one.pk, by=lead)
    publish(one.pk, by=lead)
    Publication.objects.filter(pk=one.pk).update(published_at=at, created_at=at, changed_at=at)
    one.entries.update(at=at)
    one.refresh_from_db()
    return one
