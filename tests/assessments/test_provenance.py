"""T8, T9: the bureau sees that a picture was used before or taken at another time; the chief sees nothing of it."""

import io

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from assessments import provenance
from assessments.models import Evidence
from tests import factories
from tests.assessments import files
from tests.assessments.sheets import HTMX, text_of

pytestmark = pytest.mark.django_db
CRITERION = "zones.service"
ALIKE, OUTSIDE = "Looks like a picture of", "outside the period"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path


@pytest.fixture
def county():
    return factories.bureau()


@pytest.fixture
def two(county):
    """Assessments of two stations of one period."""
    stations = [factories.station(name, bureau=county) for name in ("东关派出所", "西关派出所")]
    period = factories.period(bureau=county)
    return [factories.assessment(period, station) for station in stations]


def room(seed: int) -> Image.Image:
    """A picture with shapes; another one for each seed."""
    image = Image.new("RGB", (640, 480), "#c8d0d8")
    draw = ImageDraw.Draw(image)
    for n in range(12):
        left, top = (seed * 97 + n * 131) % 540, (seed * 61 + n * 89) % 400
        draw.rectangle((left, top, left + 90, top + 70), fill=((n * 37 + seed * 53) % 256, n * 20, seed * 40 % 256))
    return image


def saved(image: Image.Image, **options) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", **options)
    return written.getvalue()


def taken(when: str) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = when
    return exif


def add(client, assessment, content: bytes):
    client.force_login(factories.user("chief", assessment.station))
    client.cookies["django_language"] = "en"
    address = reverse("assessments:evidence_add", args=[assessment.pk, CRITERION])
    answer = client.post(address, {"files": [files.upload(content, "photo.jpg")]}, headers=HTMX)
    assert answer.status_code == 200
    return answer


def seen_by(client, assessment, reviewer) -> str:
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    return text_of(client.get(reverse("assessments:verify", args=[assessment.pk])))


def test_a_photo_saved_anew_is_seen_at_both_stations_by_the_bureau_of_both(client, two, county):
    first, second = two
    add(client, first, saved(room(1), quality=92))
    copied = add(client, second, saved(room(1).resize((500, 375)), quality=60))
    for assessment in two:
        factories.submitted(assessment)
    reviewer = factories.user("reviewer", county)
    for mine, other in ((first, second), (second, first)):
        page = seen_by(client, mine, reviewer)
        assert ALIKE in page
        evidence = Evidence.objects.get(assessment=other)
        assert reverse("assessments:evidence_shown", args=[evidence.pk]) in page
    assert "Looks like" not in text_of(copied)


def test_the_chief_reads_the_same_of_a_copy_as_of_a_photo_of_his_own(client, two):
    first, second = two
    add(client, first, saved(room(1), quality=92))
    answers = {}
    for name, content in {"copy": saved(room(1), quality=70), "own": saved(room(7), quality=70)}.items():
        page = text_of(add(client, second, content))
        evidence = Evidence.objects.get(assessment=second, removed_at=None)
        answers[name] = page.replace(str(evidence.pk), "ID").split("<ul", 1)[1].split("file-size", 1)[0]
        assert "Taken" not in page
        assert "东关" not in page
        client.post(reverse("assessments:evidence_remove", args=[evidence.pk]), headers=HTMX)
    assert answers["copy"].count("<p") == answers["own"].count("<p")
    assert provenance.of(second, Evidence.objects.all(), factories.user("chief", second.station)) == {}


def test_a_bureau_that_sees_one_of_the_stations_alone_learns_nothing_of_the_other(client):
    city = factories.bureau("市局", level="city")
    counties = [factories.bureau(name, above=city) for name in ("甲县公安局", "乙县公安局")]
    stations = [factories.station(bureau=county) for county in counties]
    period = factories.period(bureau=city)
    both = [factories.assessment(period, station) for station in stations]
    for assessment, quality in zip(both, (92, 60), strict=True):
        add(client, assessment, saved(room(1), quality=quality))
        factories.submitted(assessment)
    assert ALIKE not in seen_by(client, both[0], factories.user("reviewer", counties[0]))
    assert ALIKE in seen_by(client, both[0], factories.user("reviewer", city))


def test_other_photos_and_blank_pages_resemble_nothing(client, two, county):
    first, second = two
    for assessment, seed, shade in ((first, 1, "white"), (second, 7, "#fefefe")):
        add(client, assessment, saved(room(seed)))
        add(client, assessment, saved(Image.new("RGB", (640, 480), shade)))
        factories.submitted(assessment)
    assert Evidence.objects.filter(fingerprint=None).count() == 2
    assert ALIKE not in seen_by(client, first, factories.user("reviewer", county))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2019:05:01 08:00:00", OUTSIDE),
        ("2026:08:15 10:30:00", "Taken"),
        (None, "Time taken: unknown"),
        ("2026:13:45 99:00:00", "Time taken: unknown"),
        ("0000:00:00 00:00:00", "Time taken: unknown"),
    ],
)
def test_the_cameras_time_is_for_the_reviewer_and_warns_outside_the_period(client, two, county, when, said):
    first, _second = two
    options = {"exif": taken(when)} if when else {}
    answer = add(client, first, saved(room(1), **options))
    factories.submitted(first)
    page = seen_by(client, first, factories.user("reviewer", county))
    assert said in page
    assert (OUTSIDE in page) == (said == OUTSIDE)
    assert "Taken" not in text_of(answer)
