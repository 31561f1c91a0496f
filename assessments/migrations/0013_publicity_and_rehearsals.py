"""Days of publicity and rehearsals. A period that is there already was laid out without publicity and has none.

An opened period keeps both. A rehearsal is never what another period is compared with: whoever comes second, the period
that names an earlier one or the change of that one into a rehearsal, waits for the first and is refused.
"""

import django.core.validators
from django.db import migrations, models

OPENED = """
DROP TRIGGER opened_stays ON assessments_period;
CREATE TRIGGER opened_stays BEFORE UPDATE ON assessments_period FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL AND
          (OLD.opened_at, OLD.bureau_id, OLD.edition_id, OLD.starts_on, OLD.ends_on, OLD.grouping, OLD.previous_id,
           OLD.year_before_id, OLD.is_rehearsal, OLD.publicity_days)
          IS DISTINCT FROM
          (NEW.opened_at, NEW.bureau_id, NEW.edition_id, NEW.starts_on, NEW.ends_on, NEW.grouping, NEW.previous_id,
           NEW.year_before_id, NEW.is_rehearsal, NEW.publicity_days))
    EXECUTE FUNCTION refuse_opened();
"""
AS_BEFORE = """
DROP TRIGGER opened_stays ON assessments_period;
CREATE TRIGGER opened_stays BEFORE UPDATE ON assessments_period FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL AND
          (OLD.opened_at, OLD.bureau_id, OLD.edition_id, OLD.starts_on, OLD.ends_on, OLD.grouping, OLD.previous_id,
           OLD.year_before_id)
          IS DISTINCT FROM
          (NEW.opened_at, NEW.bureau_id, NEW.edition_id, NEW.starts_on, NEW.ends_on, NEW.grouping, NEW.previous_id,
           NEW.year_before_id))
    EXECUTE FUNCTION refuse_opened();
"""

EARLIER = """
CREATE FUNCTION refuse_rehearsal_as_earlier() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM assessments_period WHERE id IN (NEW.previous_id, NEW.year_before_id) FOR SHARE;
    IF EXISTS (SELECT FROM assessments_period WHERE id IN (NEW.previous_id, NEW.year_before_id) AND is_rehearsal)
       OR NEW.is_rehearsal
          AND EXISTS (SELECT FROM assessments_period WHERE NEW.id IN (previous_id, year_before_id)) THEN
        RAISE EXCEPTION 'no period is compared with a rehearsal' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_is_not_earlier
    BEFORE INSERT OR UPDATE OF previous_id, year_before_id, is_rehearsal ON assessments_period
    FOR EACH ROW EXECUTE FUNCTION refuse_rehearsal_as_earlier();
"""
NOT_EARLIER = """
DROP TRIGGER rehearsal_is_not_earlier ON assessments_period;
DROP FUNCTION refuse_rehearsal_as_earlier;
"""


def publicity(days: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        db_default=days,
        default=days,
        help_text="How long after publication the results are marked as put up for all to see. 0: not marked.",
        validators=[django.core.validators.MaxValueValidator(30)],
        verbose_name="Days of publicity",
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_draft")]
    operations = [
        migrations.AddField("period", "publicity_days", publicity(0)),
        migrations.AlterField("period", "publicity_days", publicity(5)),
        migrations.AddField(
            "period",
            "is_rehearsal",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Everything works, but nobody gets a rank and the results count nowhere else.",
                verbose_name="Rehearsal",
            ),
        ),
        migrations.AddConstraint(
            "period",
            models.CheckConstraint(condition=models.Q(publicity_days__lte=30), name="period_publicity_days_at_most"),
        ),
        migrations.AlterField(
            "officialrank",
            "unranked",
            models.CharField(
                blank=True,
                choices=[
                    ("not_submitted", "Not Submitted"),
                    ("too_little", "Too Little"),
                    ("rehearsal", "Rehearsal"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(OPENED, AS_BEFORE),
        migrations.RunSQL(EARLIER, NOT_EARLIER),
    ]
