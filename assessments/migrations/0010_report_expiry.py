from datetime import timedelta

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


def expire_later(apps, schema_editor):
    """What has been made already lies here for as long as a report made today."""
    reports = apps.get_model("assessments", "Report").objects.exclude(digest="")
    reports.update(expires_at=Now() + timedelta(days=settings.REPORT_DAYS))


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0009_published_stays"),
    ]

    operations = [
        migrations.AddField("report", "expires_at", models.DateTimeField(null=True)),
        migrations.RunPython(expire_later, migrations.RunPython.noop),
        migrations.RemoveConstraint("report", "report_file_has_size"),
        migrations.AddConstraint(
            "report",
            models.CheckConstraint(
                condition=models.Q(digest="") | models.Q(size__gt=0, pages__gt=0, expires_at__isnull=False),
                name="report_file_has_size",
            ),
        ),
    ]
