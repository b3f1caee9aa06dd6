"""Rows for tests, made the short way. Records come through the real intake service."""

import factory
from factory.django import DjangoModelFactory

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Customer, CustomField, Membership, Team, User
from feedback.enums import Channel
from feedback.models import Feedback, Macro, Mailbox, Product, ReplyTemplate
from feedback.services.custom_fields import save_custom_field
from feedback.services.intake import receive_feedback


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name_zh = factory.Sequence(lambda n: f"第{n}组")
    name_en = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"staff{n}@huiyin.test")
    name = factory.Sequence(lambda n: f"Agent {n}")

    @factory.post_generation
    def team(self, create, team, **_):
        if team:
            Membership.objects.create(team=team, user=self)


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"李雷 {n}")
    language = "zh-hans"

    @factory.post_generation
    def email(self, create, email, **_):
        ContactPoint.objects.create(
            customer=self,
            kind=ContactKind.EMAIL,
            value=email or f"customer{self.pk}@example.org",
            is_primary=True,
        )


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"p{n}")
    name_zh = factory.Sequence(lambda n: f"净水器 {n}")
    name_en = factory.Sequence(lambda n: f"Water filter {n}")


class MailboxFactory(DjangoModelFactory):
    class Meta:
        model = Mailbox

    address = factory.Sequence(lambda n: f"help{n}@huiyin.test")
    name = "Huiyin Service"


class ReplyTemplateFactory(DjangoModelFactory):
    class Meta:
        model = ReplyTemplate

    kind = "apology"
    name_zh = "致歉"
    name_en = "Apology"
    shortcut = factory.Sequence(lambda n: f"template-{n}")
    body_zh = "{{ customer.name }}您好，非常抱歉。"
    body_en = "Dear {{ customer.name }}, we are sorry."


class CustomFieldFactory(factory.Factory):
    """A field as the settings page makes it: short text about feedback."""

    class Meta:
        model = CustomField

    subject = "feedback"
    code = factory.Sequence(lambda n: f"field_{n}")
    kind = "short_text"
    name_zh = "序列号"
    name_en = "Serial number"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return save_custom_field(model_class(**kwargs))


class MacroFactory(DjangoModelFactory):
    class Meta:
        model = Macro

    name_zh = "加急"
    name_en = "Hurry"
    changes = factory.LazyFunction(lambda: [{"do": "priority", "to": "urgent"}])


class FeedbackFactory(factory.Factory):
    """A record as the web form would have made it; `acknowledge` is off unless asked for."""

    class Meta:
        model = Feedback

    channel = Channel.WEB_FORM
    customer = factory.SubFactory(CustomerFactory)
    subject = factory.Sequence(lambda n: f"滤芯漏水 {n}")
    text = "换了滤芯以后一直漏水。"
    language = "zh-hans"
    acknowledge = False

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return receive_feedback(**kwargs)
