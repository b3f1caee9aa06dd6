"""What is drawn once and kept must not come out where something else was asked for."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.template import engines
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.kernel.templatetags.parts import in_full

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def drawn(source, **context):
    return engines["django"].from_string(source).render(context)


def badge(text):
    return drawn('{% part "components/badge.html" text=text %}', text=text)


def test_a_part_shows_what_it_is_given_and_nothing_else():
    page = drawn('{% part "components/badge.html" text=text %}', text="Late", tone="red")

    assert "Late" in page
    assert "tone-gray" in page


def test_a_part_escapes_what_is_not_safe_even_if_the_same_was_drawn_as_safe():
    assert "<b>x</b>" in badge(mark_safe("<b>x</b>"))

    assert "&lt;b&gt;x&lt;/b&gt;" in badge("<b>x</b>")


def test_equal_values_of_different_kinds_are_different():
    assert ">1<" in badge(1)
    assert ">True<" in badge(True)


def test_a_part_speaks_the_language_of_the_page():
    words = gettext_lazy("Queue")
    with translation.override("en"):
        assert "Queue" in badge(words)
    with translation.override("zh-hans"):
        assert "Queue" not in badge(words)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("at", [AT, datetime(2026, 1, 1), datetime(2026, 2, 3, 23, 59)])  # noqa: DTZ001
def test_a_moment_is_written_as_the_format_of_the_language_says(language, at):
    with translation.override(language):
        assert in_full(at) == date_format(at, "DATETIME_FORMAT")


def test_a_moment_that_never_came_is_empty():
    assert drawn("{% moment at %}{% due at %}", at=None) == ""


@pytest.mark.django_db
def test_rights_of_a_person_and_of_all_their_roles_count(django_assert_num_queries):
    own, of_role, nobodys = Permission.objects.order_by("pk")[:3]
    user = User.objects.create_user("a@demo.example", name="A")
    user.user_permissions.add(own)
    for name in ("one", "two"):
        role = Group.objects.create(name=name)
        role.permissions.add(of_role)
        user.groups.add(role)
    user = User.objects.get(pk=user.pk)

    def names(*rights):
        return {f"{one.content_type.app_label}.{one.codename}" for one in rights}

    with django_assert_num_queries(1):
        held = user.get_all_permissions()

    assert held == names(own, of_role)
    assert not user.has_perms(names(nobodys))


@pytest.mark.django_db
def test_who_left_may_do_nothing():
    user = User.objects.create_superuser("a@demo.example", name="A", is_active=False)

    assert user.get_all_permissions() == set()
    assert not user.has_perm("accounts.view_user")
