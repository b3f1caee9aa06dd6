"""Personal data for programs: covered, shown by a call that is written down, and the rules."""

import pytest

from feedback.enums import Channel, TimelineKind
from feedback.services.conversation import add_customer_message
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
ID = "310104198807134529"


def test_a_program_gets_messages_covered_and_shows_one(api, team):
    record = FeedbackFactory(team=team)
    message = add_customer_message(record.pk, channel=Channel.API, text=f"身份证{ID}")
    url = f"feedback/{record.number}"

    (covered,) = [
        one for one in api.get(f"{url}/messages/").json()["results"] if one["id"] == message.pk
    ]
    shown = api.post(f"{url}/reveal/", {"message": message.pk})

    assert (covered["text"], covered["covered"]) == ("身份证****", ["id_card"])
    assert shown.json()["text"] == f"身份证{ID}"
    assert record.timeline.filter(kind=TimelineKind.REVEALED).count() == 1
