"""Extensions of a due time, only ever inserted."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_extension "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_group_places_of_runs"),
        ("audit", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("old_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="New due time")),
                ("reason", models.TextField(verbose_name="Reason")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("op_id", models.UUIDField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["assessment", "at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "op_id"), name="extension_once_per_op"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_needs_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("old_due_at"))), name="extension_only_forward"
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON assessments_extension"),
    ]
