"""Telling the winners of a lottery, each once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.enums import OutgoingKind
from accounts.errors import AddressNotUsable
from accounts.rules.contact import name_to_greet
from accounts.services.outbox import queue_mail
from config.kernel.bilingual import is_chinese, localized
from config.kernel.site import site_name
from feedback.services.template_values import greeting
from surveys.errors import CannotDraw
from surveys.models import Reward, RewardGrant
from surveys.rules.letters import fill

USUAL = {
    "subject_zh": "恭喜您中奖：{{ reward.name }}",
    "subject_en": "You have won: {{ reward.name }}",
    "body_zh": (
        "{{ customer.greeting }}：\n\n感谢您填写《{{ survey.title }}》。"
        "您的奖券 {{ ticket }} 已中奖，奖品是{{ reward.name }}。\n\n"
        "请直接回复本邮件，告诉我们如何把奖品交给您。\n\n"
        "{{ company.name }}"
    ),
    "body_en": (
        "{{ customer.greeting }},\n\nthank you for answering “{{ survey.title }}”. Your ticket "
        "{{ ticket }} was drawn, and you have won: {{ reward.name }}.\n\nPlease answer this mail "
        "and tell us how it can reach you.\n\n{{ company.name }}"
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """How many mails were promised, and how many winners left no address."""

    mails: int
    without_address: int


@transaction.atomic
def tell_winners(reward_id: int, *, words: Mapping[str, str]) -> Told:
    """Write to the winners who were not written to yet. `words` has subject and body in both
    languages, with the names of USUAL. Raises CannotDraw before the draw."""
    reward = (
        Reward.objects.select_for_update(of=["self"]).select_related("survey").get(pk=reward_id)
    )
    if reward.drawn_at is None:
        raise CannotDraw("not_drawn")
    mails = without = 0
    for grant in untold_winners(reward):
        address = address_of(grant)
        if address and _write(grant, address, words):
            mails += 1
        else:
            without += 1
    return Told(mails, without)


def untold_winners(reward: Reward) -> list[RewardGrant]:
    """With what their letter needs; those whose ticket still stands."""
    rows = reward.grants.standing().filter(is_winner=True, told_at=None).order_by("pk")
    return list(
        rows.select_related("reward__survey", "response__invitation", "customer").prefetch_related(
            "customer__contact_points"
        )
    )


def address_of(grant: RewardGrant) -> str:
    """Where whoever answered can be written to: as they were invited, else as a customer."""
    invitation = grant.response.invitation
    if invitation is not None and invitation.address:
        return str(invitation.address)
    return str(grant.customer.email) if grant.customer is not None else ""


def _write(grant: RewardGrant, address: str, words: Mapping[str, str]) -> bool:
    reward, language = grant.reward, grant.response.language
    suffix = "zh" if is_chinese(language) else "en"
    name = name_to_greet(grant.customer.name) if grant.customer is not None else ""
    values = {
        "customer.name": name,
        "customer.greeting": greeting(name, language),
        "survey.title": localized(reward.survey, "title", language),
        "reward.name": localized(reward, "name", language),
        "company.name": site_name(language),
        "ticket": grant.ticket,
    }
    try:
        queue_mail(
            kind=OutgoingKind.SURVEY,
            tag=f"w{grant.pk}",
            to_address=address,
            to_name=name,
            customer=grant.customer,
            subject=fill(words[f"subject_{suffix}"], values),
            body_text=fill(words[f"body_{suffix}"], values),
            language=language,
            dedupe_key=f"winner-{grant.pk}",
        )
    except AddressNotUsable:
        return False
    grant.told_at = timezone.now()
    grant.save(update_fields=["told_at"])
    return True
