"""What was decided stays as it was: history, submissions, editions and published ranks are only ever inserted."""

from django.db import migrations

TABLES = (
    "assessments_answerchange",
    "assessments_edition",
    "assessments_officialrank",
    "assessments_publication",
    "assessments_returning",
    "assessments_submission",
)


def trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(trigger(table), f"DROP TRIGGER append_only ON {table}") for table in TABLES]
