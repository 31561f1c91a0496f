from django.db import migrations, models


class Migration(migrations.Migration):
    """Submissions say what their digest covers; those that are there have the first form."""

    dependencies = [("assessments", "0016_evidence_in_order")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="digest_form",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_form__in", [1, 2])), name="submission_digest_form_known"
            ),
        ),
    ]
