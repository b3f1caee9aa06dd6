"""Whatever changes a figure marks the hour of what it changed, in the same statement and by itself:
the tables belong to lower apps, which know nothing of figures. Once for a statement; old and new
rows are told apart by grouping, never by a join, for a kept plan of a join made for one row takes
the square of ten thousand."""

from django.db import migrations

# What records are told apart by. Only whether it is spam or merged counts of its state.
DIMENSIONS = (
    "channel, team_id, category_id, product_id, priority, language, customer_id, journey_stage, "
    "assignee_id, form_id, sentiment, state IN ('spam', 'merged')"
)
# Of each fact: the moment, and what else it depends on.
RECORDS = {
    "received": ("received_at", "reopened_count > 0, resolved_at IS NULL"),
    "answered": ("first_response_at", "received_at"),
    "resolved": (
        "resolved_at", "received_at, first_response_at, last_staff_message_at, reopened_count"
    ),
    "rated": ("satisfaction_at", "satisfaction"),
}
SETTLED = "COALESCE(breached_at, met_at)"


def function(name: str, body: str) -> str:
    return f"""
CREATE FUNCTION analytics_mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
    RETURN NULL;
END $$;
"""


def trigger(name: str, table: str, operation: str) -> str:
    rows = {
        "INSERT": "NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }[operation]
    return f"""
CREATE TRIGGER analytics_mark_{name} AFTER {operation} ON {table}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION analytics_mark_{name}();
"""


def mark(rows: str) -> str:
    return f"    INSERT INTO analytics_rollupmark (fact, hour) {rows};"


def every(fact: str, moment: str, rows: str) -> str:
    return (
        f"SELECT '{fact}', date_trunc('hour', {moment}) FROM {rows} WHERE {moment} IS NOT NULL"
    )


def changed(fact: str, moment: str, columns: str) -> str:
    """Rows that are not the same before and after, each of both once."""
    picked = " UNION ALL ".join(
        f"SELECT id, {moment}, {columns} FROM {rows} WHERE {moment} IS NOT NULL"
        for rows in ("old_rows", "new_rows")
    )
    names = numbered(columns, beside=2)
    return (
        f"SELECT '{fact}', date_trunc('hour', c2) FROM ({picked}) AS both_of_them({names}) "
        f"GROUP BY {names} HAVING count(*) = 1"
    )


def numbered(columns: str, *, beside: int) -> str:
    count = len(columns.replace("('spam', 'merged')", "").split(",")) + beside
    return ", ".join(f"c{at + 1}" for at in range(count))


def distinct(parts: list[str]) -> str:
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) AS found"


def moved_records(columns: str) -> str:
    """Ids of records that are told apart otherwise than before."""
    picked = " UNION ALL ".join(
        f"SELECT id, {columns} FROM {rows}" for rows in ("old_rows", "new_rows")
    )
    names = numbered(columns, beside=1)
    return (
        f"SELECT c1 FROM ({picked}) AS both_of_them({names}) GROUP BY {names} HAVING count(*) = 1"
    )


def unless_any_counts(columns: str) -> str:
    """The end, at the price of one comparison, where nothing changed that a figure depends on:
    most updates of a record."""
    return (
        f"    IF NOT EXISTS (SELECT id, {columns} FROM new_rows "
        f"EXCEPT SELECT id, {columns} FROM old_rows) THEN RETURN NULL; END IF;\n"
    )


def of_answers(rows: str) -> str:
    return f"""SELECT DISTINCT 'answers', date_trunc('hour', r.completed_at)
        FROM {rows} a JOIN surveys_question q ON q.id = a.question_id AND q.role <> 'none'
        JOIN surveys_response r ON r.id = a.response_id
        WHERE r.completed_at IS NOT NULL"""


RESPONSE = (
    "status, is_test, is_counted, team_id, language, customer_id, survey_id, collector_id, "
    "feedback_id"
)
CLOCK = "metric, business_time, met_at, breached_at, elapsed_seconds, feedback_id"
EVERYTHING = ", ".join(
    [part for moment, more in RECORDS.values() for part in (moment, more)] + [DIMENSIONS]
)
ASKED = "channel, category_id, product_id, journey_stage, form_id"
BODIES = {
    ("feedback_insert", "feedback_feedback", "INSERT"): mark(
        distinct([every(fact, moment, "new_rows") for fact, (moment, _c) in RECORDS.items()])
    ),
    ("feedback_delete", "feedback_feedback", "DELETE"): mark(
        distinct([every(fact, moment, "old_rows") for fact, (moment, _c) in RECORDS.items()])
    ),
    ("feedback_update", "feedback_feedback", "UPDATE"): unless_any_counts(EVERYTHING)
    + mark(
        distinct(
            [
                changed(fact, moment, f"{more}, {DIMENSIONS}")
                for fact, (moment, more) in RECORDS.items()
            ]
        )
    )
    # What is told apart otherwise has marked the day on which it was received.
    + f"""
    IF FOUND THEN
    {mark(f'''SELECT DISTINCT 'promised', date_trunc('hour', {SETTLED}) FROM feedback_slaclock
        WHERE {SETTLED} IS NOT NULL AND feedback_id IN ({moved_records(DIMENSIONS)})''')}
    {mark(f'''SELECT DISTINCT 'answers', date_trunc('hour', completed_at) FROM surveys_response
        WHERE completed_at IS NOT NULL AND feedback_id IN ({moved_records(ASKED)})''')}
    END IF;""",
    ("clock_insert", "feedback_slaclock", "INSERT"): mark(
        distinct([every("promised", SETTLED, "new_rows")])
    ),
    ("clock_delete", "feedback_slaclock", "DELETE"): mark(
        distinct([every("promised", SETTLED, "old_rows")])
    ),
    ("clock_update", "feedback_slaclock", "UPDATE"): unless_any_counts(f"{SETTLED}, {CLOCK}")
    + mark(distinct([changed("promised", SETTLED, CLOCK)])),
    ("response_insert", "surveys_response", "INSERT"): mark(
        distinct([every("answers", "completed_at", "new_rows")])
    ),
    ("response_delete", "surveys_response", "DELETE"): mark(
        distinct([every("answers", "completed_at", "old_rows")])
    ),
    ("response_update", "surveys_response", "UPDATE"): unless_any_counts(
        f"completed_at, {RESPONSE}"
    )
    + mark(distinct([changed("answers", "completed_at", RESPONSE)])),
    ("answer_insert", "surveys_answer", "INSERT"): mark(of_answers("new_rows")),
    ("answer_delete", "surveys_answer", "DELETE"): mark(of_answers("old_rows")),
    ("answer_update", "surveys_answer", "UPDATE"): mark(
        of_answers("(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)")
    ),
}
# Of single rows that are seldom changed, and only in what counts: WHEN costs others nothing.
TIER = function(
    "customer",
    "\n".join(
        mark(
            f"SELECT DISTINCT '{fact}', date_trunc('hour', {moment}) FROM feedback_feedback "
            f"WHERE customer_id = NEW.id AND {moment} IS NOT NULL"
        )
        for fact, (moment, _columns) in RECORDS.items()
    )
    + "\n"
    + mark(
        f"SELECT DISTINCT 'promised', date_trunc('hour', {SETTLED}) FROM feedback_slaclock "
        f"WHERE {SETTLED} IS NOT NULL AND feedback_id IN "
        "(SELECT id FROM feedback_feedback WHERE customer_id = NEW.id)"
    )
    + "\n"
    + mark(
        "SELECT DISTINCT 'answers', date_trunc('hour', completed_at) FROM surveys_response "
        "WHERE completed_at IS NOT NULL AND customer_id = NEW.id"
    ),
) + """
CREATE TRIGGER analytics_mark_customer AFTER UPDATE OF tier ON accounts_customer
    FOR EACH ROW WHEN (OLD.tier IS DISTINCT FROM NEW.tier)
    EXECUTE FUNCTION analytics_mark_customer();
"""
ROLE = function(
    "question",
    mark(
        "SELECT DISTINCT 'answers', date_trunc('hour', r.completed_at) FROM surveys_answer a "
        "JOIN surveys_response r ON r.id = a.response_id "
        "WHERE a.question_id = NEW.id AND r.completed_at IS NOT NULL"
    ),
) + """
CREATE TRIGGER analytics_mark_question AFTER UPDATE OF role ON surveys_question
    FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role)
    EXECUTE FUNCTION analytics_mark_question();
"""
WAY = function(
    "collector",
    mark(
        "SELECT DISTINCT 'answers', date_trunc('hour', completed_at) FROM surveys_response "
        "WHERE collector_id = NEW.id AND completed_at IS NOT NULL"
    ),
) + """
CREATE TRIGGER analytics_mark_collector AFTER UPDATE OF channel ON surveys_collector
    FOR EACH ROW WHEN (OLD.channel IS DISTINCT FROM NEW.channel)
    EXECUTE FUNCTION analytics_mark_collector();
"""
FORWARDS = "".join(
    function(name, body) + trigger(name, table, operation)
    for (name, table, operation), body in BODIES.items()
) + TIER + ROLE + WAY
TABLES = {name: table for name, table, _operation in BODIES} | {
    "customer": "accounts_customer",
    "question": "surveys_question",
    "collector": "surveys_collector",
}
BACKWARDS = "".join(
    f"DROP TRIGGER analytics_mark_{name} ON {table}; DROP FUNCTION analytics_mark_{name}();\n"
    for name, table in TABLES.items()
)


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0019_roll_ups"),
        ("accounts", "0029_personal_data"),
        ("feedback", "0052_records_by_further_category"),
        ("surveys", "0030_figures_of_the_tallied"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
