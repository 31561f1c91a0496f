"""Versions of publications, the reopenings that lead to them, and the rank that counts."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0007_objections"),
        ("stations", "0003_zone_may_be_absent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PastScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition_digest", models.CharField(max_length=64)),
                ("facts_digest", models.CharField(max_length=64)),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None),
                ),
                (
                    "offered",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None),
                ),
                ("sections", models.JSONField()),
                ("total", models.BigIntegerField()),
                ("offered_total", models.BigIntegerField()),
                ("rate", models.IntegerField(null=True)),
                ("applicable_share", models.IntegerField(help_text="Hundredths of a percent of the edition's points.")),
                ("grade", models.CharField(blank=True, max_length=20)),
                ("is_rankable", models.BooleanField(default=True)),
                ("computed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("round", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["publication", "assessment"],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(verbose_name="Reason")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.TextField(blank=True, verbose_name="Reason")),
            ],
            options={
                "ordering": ["assessment", "at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="publication_once",
        ),
        migrations.AddField(
            model_name="assessment",
            name="official_rank",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.officialrank",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="officialrank",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ranks", to="assessments.assessment"
            ),
        ),
        migrations.AddConstraint(
            model_name="officialrank",
            constraint=models.UniqueConstraint(fields=("publication", "assessment"), name="rank_once_per_publication"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("period", "bureau", "version"), name="publication_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="publication_version_from_one"
            ),
        ),
        migrations.AddField(
            model_name="pastscore",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="past_scores", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="pastscore",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="past_scores", to="assessments.publication"
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reopenings", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="led_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="assessments.publication",
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reopenings", to="assessments.publication"
            ),
        ),
        migrations.AddConstraint(
            model_name="pastscore",
            constraint=models.UniqueConstraint(
                fields=("publication", "assessment"), name="past_score_once_per_publication"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("led_to", None), models.Q(("decision", "declined"), _negated=True)),
                fields=("assessment",),
                name="reopening_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "approved", "declined"])), name="reopening_decision_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="reopening_needs_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decided_why", ""), ("decision", "")),
                    models.Q(
                        ("decided_at__gte", models.F("at")),
                        ("decided_by__isnull", False),
                        ("decision__in", ["approved", "declined"]),
                    ),
                    _connector="OR",
                ),
                name="reopening_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("by")), _negated=True), _connector="OR"
                ),
                name="reopening_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "declined"), _negated=True),
                    models.Q(("decided_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="reopening_declined_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("led_to", None), ("decision", "approved"), _connector="OR"),
                name="reopening_led_to_version",
            ),
        ),
    ]
