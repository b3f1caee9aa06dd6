"""Problems of the demo company, each with the records that show it, why it is there and what is
done about it, so that nobody begins with empty pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Team, User
from analytics.demo.company import Company
from analytics.demo.ledger import Ledger
from analytics.enums import (
    CauseKind,
    CauseMethod,
    ImprovementEvent,
    MeasureKind,
    MeasureStatus,
    ProblemSource,
    ProblemStatus,
    ScoreScheme,
)
from analytics.models import (
    CauseNode,
    ImprovementEntry,
    Measure,
    MeasureStep,
    Problem,
    ProblemEvidence,
    RootCause,
)
from analytics.services.scoring import score_problem
from feedback.enums import State

MOST_EVIDENCE = 40
SPAN = timedelta(days=120)
S = MeasureStatus


@dataclass(frozen=True, slots=True)
class Done:
    """A measure: days from now until it is due, and since when it is in force (negative: ago)."""

    kind: MeasureKind
    title: str
    what: str
    status: MeasureStatus
    due: int
    steps: Sequence[str] = ()
    budget: int | None = None
    since: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    title: str
    text: str
    category: str
    words: tuple[str, ...]  # of subjects that show it
    status: ProblemStatus
    method: CauseMethod
    causes: Sequence[tuple[str, str]]  # (text, branch)
    conclusion: str
    rice: tuple[float, float, float, float]
    fmea: tuple[int, int, int]
    measures: Sequence[Done]


TROUBLES = [
    Trouble(
        "滤芯更换后接口漏水",
        "更换滤芯后接口滴水，客户需要再次预约上门。集中在新批次密封圈。",
        "product-quality",
        ("漏", "leak"),
        ProblemStatus.ACTING,
        CauseMethod.FIVE_WHYS,
        [
            ("接口在换芯后滴水", ""),
            ("密封圈没有完全压紧", ""),
            ("新批次密封圈硬度偏高", ""),
            ("换供应商时没有做装配测试", ""),
            ("来料检验清单里没有硬度这一项", ""),
        ],
        "来料检验没有检查密封圈硬度，换供应商时没有被发现。",
        (220, 2.0, 0.8, 3),
        (7, 6, 5),
        [
            Done(
                MeasureKind.PRODUCT,
                "改用硬度 60 的密封圈",
                "与供应商确认材料，替换库存。",
                S.DOING,
                20,
                ("确认材料规格", "小批量装配测试", "替换仓库库存"),
                48_000,
            ),
            Done(
                MeasureKind.PROCESS,
                "来料检验增加硬度一项",
                "每批抽检十件，记录硬度。",
                S.DONE,
                -12,
                ("更新检验清单", "培训检验员"),
                3_000,
                -40,
            ),
            Done(
                MeasureKind.TRAINING,
                "换芯电话指导话术",
                "客服先指导客户重新压紧再安排上门。",
                S.APPROVED,
                -3,
                (),
                None,
                None,
                "客户说换芯后漏水时，先请客户关水、取下滤芯、擦干接口，再旋紧到“咔”一声；仍漏再约上门。",
            ),
        ],
    ),
    Trouble(
        "上门安装爽约或迟到",
        "预约的时间没有人来，或来得太晚又没有通知。",
        "service-installation",
        ("安装", "师傅", "fitter", "install", "nobody"),
        ProblemStatus.ANALYSING,
        CauseMethod.ISHIKAWA,
        [
            ("旺季人手不足", CauseKind.PEOPLE),
            ("派单系统不显示路程时间", CauseKind.MACHINE),
            ("一天排满八单，没有余量", CauseKind.METHOD),
            ("没有统计迟到次数", CauseKind.MEASUREMENT),
            ("雨天路况差", CauseKind.ENVIRONMENT),
        ],
        "",
        (140, 2.0, 0.5, 4),
        (6, 7, 4),
        [
            Done(
                MeasureKind.PROCESS,
                "每天最多排六单",
                "留出路程和意外的时间。",
                S.PROPOSED,
                30,
            ),
            Done(
                MeasureKind.SERVICE,
                "迟到半小时前主动通知客户",
                "派单系统提醒师傅发短信。",
                S.PROPOSED,
                45,
                (),
                12_000,
            ),
        ],
    ),
    Trouble(
        "退款到账太慢",
        "客户同意退款后，超过十天还没有到账。",
        "service-refund",
        ("退款", "refund"),
        ProblemStatus.WATCHING,
        CauseMethod.FIVE_WHYS,
        [("退款单每周只审批一次", ""), ("审批人只有一位", "")],
        "退款审批每周一次，且只有一位审批人。",
        (60, 1.0, 1.0, 1),
        (5, 4, 2),
        [
            Done(
                MeasureKind.PROCESS,
                "退款每天审批，两位审批人",
                "财务两人轮值。",
                S.VERIFIED,
                -70,
                ("确定第二位审批人", "更新流程"),
                0,
                -75,
            ),
        ],
    ),
]


def make_problems(company: Company, ledgers: Sequence[Ledger], now: datetime) -> list[int]:
    """Written straight, but for scores: nobody is told of what never happened. Gives their
    primary keys."""
    made = []
    for at, trouble in enumerate(TROUBLES):
        begun = now - timedelta(days=95 - 20 * at)
        made.append(_make(trouble, company, ledgers, at=begun, today=now.date()))
    return made


def _make(
    trouble: Trouble,
    company: Company,
    ledgers: Sequence[Ledger],
    *,
    at: datetime,
    today: date,
) -> int:
    lead = company.lead(company.team_of_category[trouble.category])
    category = company.categories[trouble.category]
    problem = Problem.objects.create(
        title=trouble.title,
        description=trouble.text,
        category=category,
        team=company.teams[company.team_of_category[trouble.category]],
        owner=lead,
        source=ProblemSource.QUERY,
        source_query=f"category={trouble.category}",
        status=trouble.status,
        status_since=at + timedelta(days=9),
        created_by=lead,
        created_at=at,
    )
    shown = _evidence(problem, trouble, ledgers, lead, at)
    _cause(problem, trouble, shown, lead, at)
    for measure in trouble.measures:
        _measure(problem, measure, lead, at, today)
    _score(problem, trouble, lead)
    ImprovementEntry.objects.create(
        problem=problem, event=ImprovementEvent.CREATED, actor=lead, actor_name=lead.name,
        data={"source": "query"}, at=at,
    )  # fmt: skip
    return problem.pk


def _evidence(
    problem: Problem,
    trouble: Trouble,
    ledgers: Sequence[Ledger],
    lead: User,
    at: datetime,
) -> list[ProblemEvidence]:
    told = [
        one.feedback
        for one in reversed(ledgers)
        if one.feedback.category_id == problem.category_id
        and one.feedback.state not in {State.SPAM, State.MERGED}
        and one.feedback.received_at > at - SPAN
    ]
    fitting = [
        one
        for one in told
        if any(word in one.subject for word in trouble.words) and "报" not in one.subject
    ]
    return ProblemEvidence.objects.bulk_create(
        ProblemEvidence(
            problem=problem, feedback=one, said_at=one.received_at, added_by=lead, added_at=at
        )
        for one in (fitting or told)[:MOST_EVIDENCE]
    )


def _cause(
    problem: Problem,
    trouble: Trouble,
    shown: Sequence[ProblemEvidence],
    lead: User,
    at: datetime,
) -> None:
    is_found = bool(trouble.conclusion)
    cause = RootCause.objects.create(
        problem=problem,
        method=trouble.method,
        conclusion=trouble.conclusion,
        confirmed_by=lead if is_found else None,
        confirmed_at=at + timedelta(days=6) if is_found else None,
        created_by=lead,
        created_at=at + timedelta(days=2),
    )
    for place, (text, kind) in enumerate(trouble.causes):
        node = CauseNode.objects.create(root_cause=cause, text=text, kind=kind, position=place)
        if place < 3:
            node.evidence.set(shown[place * 2 : place * 2 + 3])


def _measure(problem: Problem, done: Done, lead: User, at: datetime, today: date) -> None:
    measure = Measure.objects.create(
        problem=problem,
        kind=done.kind,
        title=done.title,
        what=done.what,
        training_note=done.note,
        owner=lead,
        due_on=today + timedelta(days=done.due),
        in_force_from=None if done.since is None else today + timedelta(days=done.since),
        status=done.status,
        status_since=at + timedelta(days=10),
        budget=None if done.budget is None else Decimal(done.budget),
        created_by=lead,
        created_at=at + timedelta(days=7),
    )
    is_over = done.status in {S.DONE, S.VERIFIED}
    MeasureStep.objects.bulk_create(
        MeasureStep(
            measure=measure,
            text=text,
            assignee=lead,
            position=place,
            done_at=at + timedelta(days=12) if is_over or place == 0 else None,
            done_by=lead if is_over or place == 0 else None,
        )
        for place, text in enumerate(done.steps)
    )


def _score(problem: Problem, trouble: Trouble, lead: User) -> None:
    reach, impact, confidence, effort = trouble.rice
    rice = {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort}
    severity, occurrence, detection = trouble.fmea
    fmea = {"severity": severity, "occurrence": occurrence, "detection": detection}
    score_problem(problem, ScoreScheme.RICE, rice, by=lead)
    score_problem(problem, ScoreScheme.FMEA, fmea, by=lead)


def forget_problems(keys: Sequence[int]) -> None:
    """Those that the demo made; a problem of real people that was given to a demo team is given
    to nobody's."""
    Problem.objects.filter(pk__in=keys).delete()
    Problem.objects.filter(team__in=Team.objects.filter(is_demo=True)).update(team=None)
