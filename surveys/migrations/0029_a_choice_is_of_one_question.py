from django.db import migrations

# Without this the planner takes an answer for so rare that it looks up each response that gave it.
_CHOICES = """
CREATE STATISTICS IF NOT EXISTS answer_choices (dependencies, mcv)
ON question_id, choice_id FROM surveys_answer"""


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0028_figures_from_an_index"),
    ]

    operations = [
        migrations.RunSQL(_CHOICES, "DROP STATISTICS IF EXISTS answer_choices"),
        # Statistics say something once the table was looked at.
        migrations.RunSQL("ANALYZE surveys_answer", migrations.RunSQL.noop),
    ]
