"""What is said on the phone before the first question, and when to call again. Pure."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.enums import CallOutcome
from surveys.rules.letters import VARIABLES as OF_LETTERS

VARIABLES: dict[str, Promise] = {
    **{name: label for name, label in OF_LETTERS.items() if name != "link_until"},
    "agent.name": _("Your name"),
}
USUAL = {
    "intro_zh": (
        '{{ customer.name|fallback:"您" }}好，我是{{ company.name }}的{{ agent.name }}。'
        "我们想听听您的看法，大约需要几分钟，您的回答只用于改进产品和服务。现在方便吗？"
    ),
    "intro_en": (
        'Hello {{ customer.name|fallback:"there" }}, this is {{ agent.name }} of '
        "{{ company.name }}. We would like to hear what you think. It takes a few minutes, and "
        "your answers help us to do better. Is this a good time?"
    ),
}
MOST_ATTEMPTS = 5
# How long to leave somebody in peace who was not reached.
PAUSES = {CallOutcome.NO_ANSWER: timedelta(hours=4), CallOutcome.BUSY: timedelta(minutes=20)}
