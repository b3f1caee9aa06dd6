"""Who sees a spike on a dashboard is one step from what it is about."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.enums import Dismissal
from analytics.models import Alert
from analytics.selectors.alerts.on_boards import alerts_about
from analytics.services.alert_watch import watch_days
from analytics.services.alerts import dismiss_alert
from tests.conftest import client_of, member
from tests.factories import TeamFactory


def board(client, **query):
    address = reverse("analytics:board", args=["overview"])
    return client.get(address, query).content.decode()


@pytest.mark.django_db
def test_a_spike_leads_to_its_alert_where_the_figure_is_the_same(
    rule, spike, analyst, analyst_client
):
    watch_days()
    alert = Alert.objects.get()
    link = f'href="{alert.get_absolute_url()}"'

    assert board(analyst_client).count(link) == 1
    assert link not in board(analyst_client, channel="email")
    assert link not in board(client_of(member(Role.AGENT, TeamFactory())))

    dismiss_alert(alert.pk, by=analyst, why=Dismissal.FALSE_ALARM, note="")
    assert link not in board(analyst_client)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ({}, "whole"),
        ({"channel": ("email",)}, "channel"),
        ({"channel": ("email", "phone")}, ""),
        ({"team": ("3",)}, "team"),
        ({"team": ("3",), "channel": ("email",)}, ""),
    ],
)
def test_a_figure_has_the_alerts_that_are_narrowed_as_it_is(texts, names):
    alerts = [
        Alert(kind="metric", metric="volume", series="whole"),
        Alert(kind="metric", metric="volume", each="channel", series="email", note="channel"),
        Alert(kind="metric", metric="volume", team_id=3, series="team"),
        Alert(kind="metric", metric="csat", series="other figure"),
    ]

    assert (
        " ".join(one.note or one.series for one in alerts_about(alerts, "volume", texts)) == names
    )
