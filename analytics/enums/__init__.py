"""The words that stand in the database, by subject."""

from analytics.enums.alerts import (
    AlertKind,
    AlertSides,
    Dismissal,
    Sensitivity,
)
from analytics.enums.boards import (
    BoardScope,
    MailRhythm,
    NoteKind,
    TileChart,
    TileSize,
)
from analytics.enums.improvement import (
    CauseKind,
    CauseMethod,
    EffectDesign,
    EffectVerdict,
    ImprovementEvent,
    MeasureKind,
    MeasureStatus,
    MoneyPeriod,
    ProblemSource,
    ProblemStatus,
    ScoreScheme,
)
from analytics.enums.publication import (
    CommentState,
    PublicationKind,
    PublicationState,
    PublicationStep,
    QuoteState,
)
from analytics.enums.reading import (
    Accuracy,
    ModelState,
    TextTask,
    TopicMethod,
    TopicState,
)
from analytics.enums.reports import (
    PartKind,
    ReportEvery,
    ReportLanguage,
    ReportState,
    ReportStep,
)

__all__ = [
    "Accuracy",
    "AlertKind",
    "AlertSides",
    "BoardScope",
    "CauseKind",
    "CauseMethod",
    "CommentState",
    "Dismissal",
    "EffectDesign",
    "EffectVerdict",
    "ImprovementEvent",
    "MailRhythm",
    "MeasureKind",
    "MeasureStatus",
    "ModelState",
    "MoneyPeriod",
    "NoteKind",
    "PartKind",
    "ProblemSource",
    "ProblemStatus",
    "PublicationKind",
    "PublicationState",
    "PublicationStep",
    "QuoteState",
    "ReportEvery",
    "ReportLanguage",
    "ReportState",
    "ReportStep",
    "ScoreScheme",
    "Sensitivity",
    "TextTask",
    "TileChart",
    "TileSize",
    "TopicMethod",
    "TopicState",
]
