"""What each process keeps of small tables is never older than the tables."""

import pytest
from django.db import transaction

from accounts.models import Team
from config.kernel.kept import Kept, read_stamp, settings_at, settings_stamp
from feedback.models import Category, Status

names = Kept(lambda: sorted(Team.objects.values_list("name_en", flat=True)), Team)
codes = Kept(lambda: set(Status.objects.values_list("code", flat=True)), Status)

pytestmark = pytest.mark.django_db


def test_every_kind_of_change_is_seen_by_whatever_way_it_came():
    assert names() == []
    team = Team.objects.create(name_en="A", name_zh="A")
    assert names() == ["A"]
    Team.objects.filter(pk=team.pk).update(name_en="B")  # past every service
    assert names() == ["B"]
    Team.objects.filter(pk=team.pk).update(name_en="C")
    assert names() == ["C"]
    team.delete()
    assert names() == []


def test_what_was_rolled_back_was_never_there():
    Team.objects.create(name_en="A", name_zh="A")
    with transaction.atomic():
        Team.objects.update(name_en="B")
        assert names() == ["B"]
        transaction.set_rollback(True)
    assert names() == ["A"]
    Team.objects.update(name_en="C")
    assert names() == ["C"]


def test_what_was_rolled_back_under_a_believed_stamp_was_never_there_either():
    Team.objects.create(name_en="A", name_zh="A")
    with settings_at():
        with transaction.atomic():
            Team.objects.update(name_en="B")
            names()  # read for the first time: whatever it says now, it is not to be kept
            transaction.set_rollback(True)
        assert names() == ["A"]
    assert names() == ["A"]


def test_one_statement_serves_for_all_that_is_kept(django_assert_num_queries):
    names(), codes()
    with django_assert_num_queries(1), settings_at():
        names(), codes(), names()
        with settings_at():
            codes()


def test_the_stamp_comes_along_with_what_is_read_anyway(django_assert_num_queries):
    names(), codes()
    with django_assert_num_queries(1):
        row = Category.objects.annotate(stamp=settings_stamp()).order_by("pk")[:1].get()
        with settings_at(row.stamp):
            names(), codes()
    assert row.stamp == read_stamp()


def test_a_table_that_changed_does_not_make_the_others_be_read_anew(django_assert_num_queries):
    names(), codes()
    Team.objects.create(name_en="A", name_zh="A")
    with django_assert_num_queries(1):  # the stamp
        codes()
    with django_assert_num_queries(2):  # the stamp, the teams
        names()
