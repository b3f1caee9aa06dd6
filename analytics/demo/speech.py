"""Putting sentences together: an issue with its greeting, an answer with its signature."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from analytics.demo.company import kind_of
from analytics.demo.words import Topic, names, phrases
from config.kernel.bilingual import is_chinese
from feedback.models import Product


class Speech:
    """How one customer and one agent talk about one matter. Every sentence that has already
    been said in this conversation is avoided while there are others."""

    def __init__(
        self, rng: Random, *, language: str, topic: Topic, product: Product, day: date, order: str
    ) -> None:
        self.rng, self.language, self.order = rng, language, order
        self.words, self.phrases = topic.words_in(language), phrases(language)
        self.chinese = is_chinese(language)
        code, kind = ("zh" if self.chinese else "en"), kind_of(product)
        self.city = rng.choice(names("cities", language))
        then = day - timedelta(days=rng.randint(1, 9))
        self.slots = {
            "product": product.name_in(language),
            "cartridge": rng.choice(names("cartridges")[kind][code]),
            "part": rng.choice(names("parts")[kind][code]),
            "room": rng.choice(names("rooms", language)),
            "city": self.city,
            "order": order,
            "date": f"{then.month}月{then.day}日" if self.chinese else f"{then.day} {then:%B}",
            "days": str(rng.randint(3, 20)),
            "hour": str(rng.randint(2, 4)),
        }
        self.said: set[str] = set()
        self.fitting = self.words.answers

    def pick(self, sentences: Sequence[str]) -> str:
        fresh = [one for one in sentences if one not in self.said] or list(sentences)
        sentence = self.rng.choice(fresh)
        self.said.add(sentence)
        return sentence

    def issue(self) -> tuple[str, str]:
        """Subject and text of what the customer writes first."""
        subject, text, fits = self.rng.choice(self.words.issues)
        self.fitting = [self.words.answers[number] for number in fits]
        opener = self.rng.choice(self.phrases["openers"])
        closer = self.rng.choice(self.phrases["closers"])
        gap = "" if self.chinese or not closer else " "
        whole = f"{opener}{text}{gap}{closer}"
        return subject.format_map(self.slots), whole.format_map(self.slots)

    def question(self) -> tuple[str, str]:
        """What the agent asks and what the customer answers."""
        ask, answer = self.rng.choice(self.words.questions)
        return ask.format_map(self.slots), answer.format_map(self.slots)

    def answer(self) -> str:
        """What helps with the issue that was told."""
        return self.pick(self.fitting).format_map(self.slots)

    def from_topic(self, part: str) -> str:
        """One of the topic's `solved`, `not_solved` or `notes`; "" without any."""
        sentences = getattr(self.words, part)
        return self.pick(sentences).format_map(self.slots) if sentences else ""

    def phrase(self, key: str, **values: str) -> str:
        return self.pick(self.phrases[key]).format_map(self.slots | values)

    def letter(self, text: str, *, customer: str, agent: str, team: str) -> str:
        """An agent's text with greeting and signature."""
        values = {"customer": customer, "agent": agent, "team": team}
        greeting = self.rng.choice(self.phrases["greetings"]).format_map(values)
        signature = self.rng.choice(self.phrases["signatures"]).format_map(values)
        return f"{greeting}\n\n{text}\n\n{signature}"
