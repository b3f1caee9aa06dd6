"""How one record goes, from the first message to the last: a script of steps.

A script knows nothing of today: it is written to its end, and what lies in the future is cut
off afterwards (module `scenario`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.enums import Tier
from analytics.demo.company import BATCH_TAG, KEY_TAG, Colleague, Company
from analytics.demo.hours import after_work_time
from analytics.demo.people import ZH, Person
from analytics.demo.pictures import VARIANTS
from analytics.demo.season import BATCH_TOPIC, Story
from analytics.demo.speech import Speech
from analytics.demo.steps import (
    Answer,
    Assign,
    CallBack,
    Categorise,
    Move,
    Note,
    Prioritise,
    Rate,
    Receive,
    Step,
    Tag,
    Write,
)
from analytics.demo.words import Topic
from feedback.enums import Channel, Priority, State
from feedback.models import Product

_CHANNELS = {
    ZH: {
        Channel.WEB_FORM: 33,
        Channel.EMAIL: 20,
        Channel.PHONE: 16,
        Channel.WECHAT: 18,
        Channel.CHAT: 5,
        Channel.WEIBO: 3,
        Channel.VISIT: 2,
        Channel.API: 2,
        Channel.PAPER: 1,
    },
    "en": {
        Channel.WEB_FORM: 38,
        Channel.EMAIL: 38,
        Channel.PHONE: 10,
        Channel.CHAT: 6,
        Channel.FACEBOOK: 5,
        Channel.API: 3,
    },
}
# Somebody here wrote down what the customer said.
_TAKEN_DOWN = {Channel.PHONE, Channel.VISIT, Channel.PAPER}
_PACE = {Priority.URGENT: 0.3, Priority.HIGH: 0.6, Priority.NORMAL: 1.0, Priority.LOW: 1.35}
PHOTOS_KEPT_DAYS = 60
CLOSED_AFTER = timedelta(days=14)


@dataclass(slots=True)
class Matter:
    """Who wrote about what, when, and who takes care of it."""

    person: Person
    topic: Topic
    product: Product
    channel: Channel
    priority: Priority
    received_at: datetime
    agent: Colleague
    team: str


class Script:
    """Writes the steps of one record; `at` is the time that has been reached."""

    def __init__(self, rng: Random, company: Company, story: Story, matter: Matter) -> None:
        self.rng, self.company, self.story, self.matter = rng, company, story, matter
        self.steps: list[Step] = []
        self.at = matter.received_at
        self.language = matter.person.customer.language
        self.order = f"CY{matter.received_at:%y%m}{rng.randrange(10_000, 99_999)}"
        self.speech = Speech(
            rng,
            language=self.language,
            topic=matter.topic,
            product=matter.product,
            day=matter.received_at.date(),
            order=self.order,
        )
        self.user = matter.agent.user
        self.lead = company.lead(matter.team)
        self.can_write = bool(matter.person.email)

    # --- time ---------------------------------------------------------------------------------
    def staff_take(self, median: float, spread: float = 0.8) -> None:
        """Working minutes pass, log-normal around `median`."""
        minutes = median * self.matter.agent.pace * self.rng.lognormvariate(0, spread)
        self.at = after_work_time(self.at, max(minutes, 2.0)) + self._seconds()

    def customer_takes(self, median_hours: float) -> None:
        hours = median_hours * self.rng.lognormvariate(0, 0.9)
        self.at += timedelta(hours=hours) + self._seconds()
        if 0 <= self.at.hour < 7:  # most people sleep
            self.at += timedelta(hours=self.rng.uniform(7, 9))

    def _seconds(self) -> timedelta:
        return timedelta(seconds=self.rng.randint(3, 55))

    def _add(self, step: Step) -> None:
        self.steps.append(step)

    # --- what people do -----------------------------------------------------------------------
    def receive(self) -> None:
        matter, rng = self.matter, self.rng
        taken_down = matter.channel in _TAKEN_DOWN
        leaf = self.company.categories.get(matter.topic.category)
        category = leaf
        if matter.channel == Channel.WEB_FORM:  # customers choose a main category only
            category = leaf.parent if leaf and rng.random() < 0.85 else None
        elif not taken_down:
            category = None
        subject, text = self.speech.issue()
        about_sale = matter.topic.stage in {"buy", "deliver", "service"}
        self._add(
            Receive(
                at=self.at,
                channel=matter.channel,
                customer=matter.person.customer,
                subject=subject,
                text=text,
                language=self.language,
                category=category,
                product=matter.product if taken_down or rng.random() < 0.7 else None,
                order_number=self.order if about_sale or rng.random() < 0.3 else "",
                place=self.speech.city if rng.random() < 0.55 else "",
                journey_stage=matter.topic.stage if taken_down else "",
                priority=matter.priority if taken_down else Priority.NORMAL,
                mailbox=self.company.mailbox if matter.channel == Channel.EMAIL else None,
                sender_address=matter.person.email if matter.channel == Channel.EMAIL else "",
                photo=self._photo() if not taken_down else None,
                by=self.user if taken_down else None,
            )
        )

    def _photo(self) -> tuple[str, int] | None:
        """Some send a picture; of the older ones only the words are kept."""
        scene, day = self.matter.topic.photo, self.matter.received_at.date()
        is_kept = (self.story.today - day).days < PHOTOS_KEPT_DAYS
        if not scene or self.rng.random() > 0.4 or not is_kept:
            return None
        return scene, self.rng.randrange(VARIANTS)

    def triage(self) -> None:
        """The lead hands it out; what the customer could not know is filled in."""
        matter, first = self.matter, self.steps[0]
        assert isinstance(first, Receive)  # noqa: S101 - a script begins with it
        by = self.user if first.by else self.lead
        team = self.company.teams[matter.team]
        self._add(Assign(at=self.at, by=by, assignee=self.user, team=team))
        category = self.company.categories.get(matter.topic.category)
        if category is not None and category != first.category:
            self._add(Categorise(at=self._soon(), by=by, category=category))
        if matter.priority != first.priority:
            self._add(Prioritise(at=self._soon(), by=by, priority=matter.priority))
        if tags := self._tags():
            self._add(Tag(at=self._soon(), by=self.user, names=tags))

    def _tags(self) -> tuple[str, ...]:
        matter = self.matter
        tags = [tag for tag in matter.topic.tags if self.rng.random() < 0.4]
        if matter.topic.code == BATCH_TOPIC:
            tags.append(BATCH_TAG)
        if matter.person.customer.tier == Tier.KEY:
            tags.append(KEY_TAG)
        return tuple(sorted(tags))

    def _soon(self) -> datetime:
        self.at += timedelta(seconds=self.rng.randint(8, 60))
        return self.at

    def note(self, text: str = "") -> None:
        text = text or self.speech.from_topic("notes")
        if text:
            self._add(Note(at=self._soon(), by=self.user, text=text))

    def answer(self, text: str, then: State | None = None) -> None:
        letter = self.speech.letter(
            text,
            customer=self.matter.person.customer.name,
            agent=self.user.name,
            team=self.company.teams[self.matter.team].name_in(self.language),
        )
        self._add(Answer(at=self.at, by=self.user, text=letter, then=then))

    def write(self, text: str, *, is_automatic: bool = False) -> None:
        channel = Channel.EMAIL
        if not is_automatic and self.rng.random() < 0.25:
            channel = Channel.WEB_FORM  # on the status page
        self._add(Write(at=self.at, channel=channel, text=text, is_automatic=is_automatic))

    def move(self, to: State, *, note: str = "", by_nobody: bool = False) -> None:
        self._add(Move(at=self._soon(), by=None if by_nobody else self.user, to=to, note=note))

    # --- how it goes --------------------------------------------------------------------------
    def first_delay(self) -> float:
        """Median working minutes until this record is answered."""
        matter = self.matter
        if matter.channel in _TAKEN_DOWN:
            return 25.0
        key = 0.6 if matter.person.customer.tier == Tier.KEY else 1.0
        usual = self.story.answer_minutes(matter.received_at.date())
        return usual * _PACE[matter.priority] * key

    def begin(self) -> None:
        """Received, handed out, and the time of the first answer reached."""
        self.receive()
        delay = self.first_delay()
        self.staff_take(delay * 0.35, 0.5)
        self.triage()
        if self.rng.random() < 0.12:
            self.note()
        self.staff_take(delay * 0.65)

    def go(self, shape: str) -> None:
        """Write the whole story of this kind."""
        self.begin()
        if not self.can_write:
            self._by_phone()
        else:
            getattr(self, f"_{shape}")()

    def _by_phone(self) -> None:
        outcome = self.speech.phrase("phone_notes")
        self.note(outcome)
        self.staff_take(30)
        self.move(State.RESOLVED, note=outcome)

    def _direct(self) -> None:
        if self.rng.random() < 0.05:
            self.customer_takes(0.1)
            self.write(self.speech.phrases["vacation"], is_automatic=True)
        self._nagged()
        self.answer(self.speech.answer())
        self._settle()

    def _question(self) -> None:
        if not self.speech.words.questions:
            self._direct()
            return
        ask, reply = self.speech.question()
        self.answer(ask, then=State.WAITING_CUSTOMER)
        if self.rng.random() < 0.13:
            self.at += timedelta(days=self.rng.uniform(8, 12))
            self.at = after_work_time(self.at, 5)
            self.answer(self.speech.phrase("silent"), then=State.CLOSED)
            return
        self.customer_takes(7)
        self.write(reply)
        self.staff_take(self.first_delay() * 0.8)
        self.answer(self.speech.answer())
        self._settle()

    def _visit(self) -> None:
        self._outside(days=(1.0, 6.0))

    def _third(self) -> None:
        self._outside(days=(0.7, 4.0))

    def _outside(self, *, days: tuple[float, float]) -> None:
        """Somebody else has a part in it: a fitter, a carrier, the laboratory."""
        self.answer(self.speech.answer())
        self.staff_take(15)
        self.note()
        self.move(State.WAITING_THIRD)
        if self.rng.random() < 0.25:
            self.at += timedelta(days=days[0])
            self.at = after_work_time(self.at, 20)
            self.answer(self.speech.phrase("wait_text"))
        self.at = after_work_time(self.at + timedelta(days=self.rng.uniform(*days)), 10)
        self.answer(self._solution(), then=State.RESOLVED)

    def _not_solved(self) -> None:
        self.answer(self.speech.answer())
        self.at = after_work_time(self.at + timedelta(days=self.rng.uniform(0.5, 2)), 10)
        self.answer(self._solution(), then=State.RESOLVED)
        self.customer_takes(9)
        self.write(self.speech.from_topic("not_solved") or self.speech.phrase("impatient"))
        self.again()

    def again(self) -> None:
        """The second attempt: an apology, another way, solved."""
        self.staff_take(self.first_delay() * 0.6)
        sorry, answer = self.speech.phrase("again"), self.speech.phrase("second")
        gap = "" if self.speech.chinese else " "
        self.answer(f"{sorry}{gap}{answer}")
        self.note()
        self.at = after_work_time(self.at + timedelta(days=self.rng.uniform(0.5, 2.5)), 10)
        self.answer(self._solution(), then=State.RESOLVED)

    def _praise(self) -> None:
        if self.rng.random() < 0.3:
            self.note()
        self.answer(self.speech.answer(), then=State.RESOLVED)

    def _wish(self) -> None:
        if self.rng.random() < 0.15:
            self._outside(days=(12.0, 45.0))
        else:
            self.note()
            self.answer(self.speech.answer(), then=State.RESOLVED)

    def _nagged(self) -> None:
        """Who waits long writes again before there is an answer."""
        waited = self.at - self.matter.received_at
        if waited > timedelta(days=2) and self.rng.random() < 0.5:
            answered_at = self.at
            self.at = self.matter.received_at + waited * self.rng.uniform(0.75, 0.95)
            self.write(self.speech.phrase("impatient"))
            self.at = answered_at

    def _settle(self) -> None:
        """After a helpful answer: thanks and done, or the agent asks nobody and closes."""
        if self.rng.random() < 0.55:
            self.customer_takes(10)
            self.write(self.speech.phrase("thanks", agent=self.user.name))
            self.staff_take(90)
            self.move(State.RESOLVED)
        else:
            self.at = after_work_time(self.at + timedelta(days=self.rng.uniform(0.6, 2.5)), 10)
            self.answer(self._solution(), then=State.RESOLVED)

    def _solution(self) -> str:
        return self.speech.from_topic("solved") or self.speech.answer()

    # --- after the solution -------------------------------------------------------------------
    def rate(self, rating: Rate) -> None:
        """The customer judges; who is unhappy is called, what is not solved is done again."""
        self.at = rating.at
        self._add(rating)
        if rating.calls_for_a_call:
            self.at = after_work_time(self.at, self.rng.uniform(60, 600))
            self._add(CallBack(at=self.at, by=self.lead, outcome=self.speech.phrase("call_backs")))
        if rating.solved == "no":
            self.again()

    def comment(self, stars: int) -> str:
        """What they write into the survey: a sentence, sometimes two."""
        comments = self.speech.phrases["comments"][str(stars)]
        text: str = self.speech.pick(comments)
        if self.rng.random() < 0.35:
            text += ("" if self.speech.chinese else " ") + self.speech.pick(comments)
        return text.format_map(self.speech.slots)

    def close_later(self) -> None:
        self.at += CLOSED_AFTER
        self.move(State.CLOSED, by_nobody=True)


def pick_channel(rng: Random, person: Person) -> Channel:
    mix = _CHANNELS[ZH if person.customer.language == ZH else "en"]
    if not person.email:
        return Channel.PHONE
    return rng.choices(list(mix), list(mix.values()))[0]
