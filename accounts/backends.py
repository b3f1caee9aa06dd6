"""What a person may do, looked up in one query a request."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q

from accounts.selectors.custom_fields import book_at, fields_stamp

KEPT = "_perm_cache"  # where every backend of Django's kind looks first
WHO = -1  # nobody has this number: it stands for the person until the query is asked


class RolesBackend(ModelBackend):
    """Django's own, but rights given to a person and to their roles are read together, and with
    them whether the custom fields that this process remembers are still those that there are:
    every page asks for rights, so that pages need no query of their own for fields."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        held: set[str] | None = vars(user_obj).get(KEPT)
        if held is None:
            sql, parameters = _query(of_everything=user_obj.is_superuser)
            with connection.cursor() as cursor:
                cursor.execute(sql, [user_obj.pk if it == WHO else it for it in parameters])
                rows = cursor.fetchall()
            held = vars(user_obj)[KEPT] = {f"{app}.{name}" for app, name, _stamp in rows}
            if rows:
                book_at(rows[0][2])
        return held


@cache
def _query(*, of_everything: bool) -> tuple[str, tuple[Any, ...]]:
    """Written once a process: to put it together takes Django longer than PostgreSQL to answer
    it, and every page asks it."""
    rights = Permission.objects.order_by()
    if not of_everything:
        # Subqueries, not joins: a right that comes from two roles is still one row.
        own = Permission.objects.order_by().filter(user=WHO).values("pk")
        by_role = Permission.objects.order_by().filter(group__user=WHO).values("pk")
        rights = rights.filter(Q(pk__in=own) | Q(pk__in=by_role))
    rights = rights.annotate(fields_stamp=fields_stamp())
    wanted = rights.values_list("content_type__app_label", "codename", "fields_stamp")
    sql, parameters = wanted.query.sql_with_params()
    return sql, tuple(parameters)
