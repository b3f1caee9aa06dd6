"""What a fresh installation has for telling customers of commitments."""

from feedback.enums import TemplateKind
from feedback.models import ReplyTemplate
from feedback.services.compensation_limits import ensure_limits

_PROGRESS_ZH = """{{ customer.greeting }}：

您反馈的“{{ feedback.subject }}”进展如下：{{ commitment.text }}

[[我们会在{{ commitment.date }}前给您结果。]]
随时可以在这里查看进展：{{ status_link }}

{{ agent.name }}
{{ company.name }}"""

_PROGRESS_EN = """{{ customer.greeting }},

this is how your matter “{{ feedback.subject }}” stands: {{ commitment.text }}

[[You will have the result by {{ commitment.date }}.]]
You can follow it here at any time: {{ status_link }}

{{ agent.name }}
{{ company.name }}"""

_DECISION_ZH = """{{ customer.greeting }}：

关于您反馈的“{{ feedback.subject }}”，我们的决定是：{{ commitment.decision }}。

{{ commitment.text }}

[[我们会在{{ commitment.date }}前落实。]]
如果您有不同意见，直接回复这封邮件即可。

{{ agent.name }}
{{ company.name }}"""

_DECISION_EN = """{{ customer.greeting }},

about your matter “{{ feedback.subject }}” we have decided: {{ commitment.decision }}.

{{ commitment.text }}

[[It will be done by {{ commitment.date }}.]]
If you see it differently, simply answer this mail.

{{ agent.name }}
{{ company.name }}"""

# shortcut, kind, name zh/en, text zh/en
TEMPLATES = [
    (
        "commitment-progress",
        TemplateKind.PROGRESS,
        "进展通报",
        "Progress report",
        _PROGRESS_ZH,
        _PROGRESS_EN,
    ),
    (
        "commitment-decision",
        TemplateKind.DECISION,
        "处理决定",
        "Our decision",
        _DECISION_ZH,
        _DECISION_EN,
    ),
]


def ensure_commitment_defaults() -> None:
    """Inside services.defaults: limits of compensations, and two templates."""
    ensure_limits()
    for shortcut, kind, name_zh, name_en, body_zh, body_en in TEMPLATES:
        ReplyTemplate.objects.get_or_create(
            shortcut=shortcut,
            defaults={
                "kind": kind,
                "name_zh": name_zh,
                "name_en": name_en,
                "body_zh": body_zh,
                "body_en": body_en,
            },
        )
