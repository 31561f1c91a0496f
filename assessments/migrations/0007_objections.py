"""Objections with their window, and what a review was said of.

Every change of an objection leaves the database's own record in the log (audit/rows.py). A period that is open already
goes on without objections, as it was laid out.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

TABLE = "assessments_objection"
CHANGES = ("insert", "update", "delete")
WATCHED = "".join(
    f"CREATE TRIGGER watched_{change} AFTER {change} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_watch();"
    for change in CHANGES
)
NOT_WATCHED = "".join(f"DROP TRIGGER watched_{change} ON {TABLE};" for change in CHANGES)
OPENED_BEFORE = "UPDATE assessments_period SET objection_days = 0 WHERE opened_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_extension"),
        ("audit", "0007_narrow_functions"),
        ("stations", "0003_zone_may_be_absent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("criterion", models.CharField(max_length=60)),
                ("ground", models.TextField(verbose_name="Ground")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("op_id", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting for an answer"),
                            ("upheld", "Upheld"),
                            ("dismissed", "Dismissed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="Answer")),
                ("decided_at", models.DateTimeField(null=True)),
                ("points_before", models.IntegerField(null=True)),
                ("points_after", models.IntegerField(null=True)),
            ],
            options={
                "ordering": ["assessment", "round", "at", "id"],
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="no_objection_at",
            field=models.DateTimeField(null=True, verbose_name="No objection"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="objection_until",
            field=models.DateTimeField(null=True, verbose_name="Objections until"),
        ),
        migrations.AddField(
            model_name="period",
            name="objection_days",
            field=models.PositiveSmallIntegerField(
                db_default=3,
                default=3,
                help_text="How long a chief may object once a station's verification is finished. 0: no objections.",
                validators=[django.core.validators.MaxValueValidator(30)],
                verbose_name="Days to object",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="carried_from",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="seen",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("objection_days__lte", 30)), name="period_objection_days_at_most"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("carried_from", None), ("carried_from__lt", models.F("round")), _connector="OR"),
                name="review_carried_from_before",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(fields=("assessment", "op_id"), name="objection_once_per_op"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "withdrawn"), _negated=True),
                fields=("assessment", "round", "criterion"),
                name="objection_once_per_criterion",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "upheld", "dismissed", "withdrawn"])),
                name="objection_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("ground", ""), _negated=True), name="objection_needs_ground"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_at__gte", models.F("at")),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="objection_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "withdrawn"]), models.Q(("answer", ""), _negated=True), _connector="OR"
                ),
                name="objection_decision_needs_answer",
            ),
        ),
        migrations.RunSQL(WATCHED, NOT_WATCHED),
        migrations.RunSQL(OPENED_BEFORE, migrations.RunSQL.noop),
    ]
