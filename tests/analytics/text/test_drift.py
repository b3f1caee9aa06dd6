"""Whether what comes in is still as models have learned it: said once, to those who may do
something about it, and never by a handful of texts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from analytics.enums import TextTask
from analytics.models import TextModel
from analytics.selectors.arriving_texts import never_learned_before
from analytics.services.drifting import watch_drift
from analytics.services.learning import learn
from analytics.text.comparison import is_frozen
from analytics.text.drift import Profile
from feedback.enums import NoticeKind
from feedback.models import Feedback, Message, Notification
from tests.api.conftest import ApiClient
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


@pytest.fixture
def model(db):
    """At work for a week; on texts of before it was sure, and knew nearly every piece."""
    model = learn(TextTask.CATEGORY)
    model.trained_at = timezone.now() - timedelta(days=7)
    share = 1 / len(model.labels)
    usual = Profile(400, 0.1, 0.8, dict.fromkeys(model.labels, share), 0.1, 0.2)
    model.drift = {"then": usual.as_json()}
    model.save()
    return model


@pytest.fixture
def boss_client(client, admin):
    client.force_login(admin)
    return client


def arrive(number, text):
    customer = FeedbackFactory(text=text, subject="-").customer
    for at in range(number - 1):
        FeedbackFactory(text=f"{text} {at}", subject="-", customer=customer)


def found(model):
    model.refresh_from_db()
    return model.drift


def test_texts_of_another_kind_are_noticed_and_those_who_may_teach_hear_of_it_once(
    model, admin, agent, boss_client
):
    arrive(110, "量子纠缠态退相干时间测量 decoherence qubit")

    watch_drift()
    watch_drift(timezone.now() + LATER)

    assert {"unknown", "shares"} <= set(found(model)["signs"])
    assert found(model)["now"]["n"] == 110
    (notice,) = Notification.objects.filter(user=admin, kind=NoticeKind.DRIFT)
    assert notice.about["page"].endswith("/learning/#model-category")
    assert not Notification.objects.filter(user=agent).exists()
    page = boss_client.get(reverse("analytics:learning")).content.decode()
    assert "Texts have changed: let the machine learn again." in page
    api = ApiClient(admin, Scope.values)
    drift = api.get(f"text-models/{model.pk}/").json()["drift"]
    assert drift["signs"] == found(model)["signs"]
    assert drift["weeks"][-1]["n"] == 110


def test_a_handful_of_texts_proves_nothing(model, admin, boss_client):
    arrive(12, "量子纠缠态退相干时间测量 decoherence qubit")

    watch_drift()

    assert found(model)["signs"] == []
    assert not Notification.objects.filter(kind=NoticeKind.DRIFT).exists()
    page = boss_client.get(reverse("analytics:learning")).content.decode()
    assert "Too few texts to say: 12 since it was trained" in page


def test_what_was_learned_from_is_no_measure_of_before(db):
    arrive(20, "快递没有到")
    while not (
        kept := [one for one in Feedback.objects.order_by("-pk") if is_frozen(str(one.pk))]
    ):
        arrive(1, "快递没有到")

    texts = never_learned_before(timezone.now() + LATER)

    said = [Message.objects.get(feedback=one).text for one in kept]
    assert len(texts) == len(said)
    assert all(text.endswith(words) for text, words in zip(texts, said, strict=True))


def test_a_week_that_is_over_is_looked_at_once(model):
    arrive(3, "退款还没有到账")
    now = timezone.now()
    watch_drift(now)
    assert [one["n"] for one in found(model)["weeks"]] == [3]
    watch_drift(now + timedelta(days=14))
    Feedback.objects.all().update(received_at=now - timedelta(days=60))
    watch_drift(now + timedelta(days=15))
    assert sum(one["n"] for one in found(model)["weeks"]) == 3
    watched = TextModel.objects.get(pk=model.pk).drift
    watch_drift(now + timedelta(days=15, hours=1))  # measured an hour ago
    assert found(model) == watched
