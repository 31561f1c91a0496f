"""What is published or opened stays as it is in the database too.

A published assessment knows the rank that counts; scores of former versions are only ever inserted; the application
writes no facts and no scores of a published assessment; what an opened period was judged by cannot be changed. The
owner of the tables still can write facts, which the log then shows (audit/rows.py).
"""

from django.db import migrations

PAST_SCORE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_pastscore
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NO_PAST_SCORE = "DROP TRIGGER append_only ON assessments_pastscore;"

PUBLISHED = """
CREATE FUNCTION refuse_published() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.assessment_id ELSE NEW.assessment_id END;
    owner oid := (SELECT relowner FROM pg_class WHERE oid = TG_RELID);
BEGIN
    IF NOT pg_has_role(current_user, owner, 'MEMBER')
       AND EXISTS (SELECT FROM assessments_assessment WHERE id = touched AND state = 'published') THEN
        RAISE EXCEPTION '% of a published assessment stay as they are; reopen it first', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON assessments_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_published();
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON assessments_score
    FOR EACH ROW EXECUTE FUNCTION refuse_published();
"""
NOT_PUBLISHED = """
DROP TRIGGER published_stays ON assessments_answers;
DROP TRIGGER published_stays ON assessments_score;
DROP FUNCTION refuse_published;
"""

OPENED = """
CREATE FUNCTION refuse_opened() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an opened period keeps its edition, its days and its groups'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER opened_stays BEFORE UPDATE ON assessments_period FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL AND
          (OLD.opened_at, OLD.bureau_id, OLD.edition_id, OLD.starts_on, OLD.ends_on, OLD.grouping, OLD.previous_id,
           OLD.year_before_id)
          IS DISTINCT FROM
          (NEW.opened_at, NEW.bureau_id, NEW.edition_id, NEW.starts_on, NEW.ends_on, NEW.grouping, NEW.previous_id,
           NEW.year_before_id))
    EXECUTE FUNCTION refuse_opened();
CREATE TRIGGER opened_is_kept BEFORE DELETE ON assessments_period FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL) EXECUTE FUNCTION refuse_opened();
"""
NOT_OPENED = """
DROP TRIGGER opened_stays ON assessments_period;
DROP TRIGGER opened_is_kept ON assessments_period;
DROP FUNCTION refuse_opened;
"""

OFFICIAL = """
UPDATE assessments_assessment SET official_rank_id = place.id
  FROM assessments_officialrank place WHERE place.assessment_id = assessments_assessment.id
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_reopenings"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(OFFICIAL, migrations.RunSQL.noop),
        migrations.RunSQL(PAST_SCORE, NO_PAST_SCORE),
        migrations.RunSQL(PUBLISHED, NOT_PUBLISHED),
        migrations.RunSQL(OPENED, NOT_OPENED),
    ]
