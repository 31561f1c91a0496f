"""Evidence: what is accepted, what is never executed or leaked, who sees it, and that it stays what was handed in."""

import hashlib
import io
import os
import uuid

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageFile

from assessments import sealed
from assessments.evidence import safe_name
from assessments.models import Evidence
from audit.models import Event
from tests import factories
from tests.assessments import files
from tests.assessments.sheets import HTMX, text_of

pytestmark = pytest.mark.django_db
CRITERION = "zones.service"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path
    return tmp_path


def add(client, assessment, *uploads, criterion=CRITERION, **more):
    address = reverse("assessments:evidence_add", args=[assessment.pk, criterion])
    said = {"files": [files.upload(content, name) for content, name in uploads]} | more
    return client.post(address, said, headers=HTMX)


def added(client, assessment, content=None, name="门厅.jpg", **more) -> Evidence:
    response = add(client, assessment, (content or files.jpeg(), name), **more)
    assert response.status_code == 200, text_of(response)
    return Evidence.objects.get(assessment=assessment, digest=hashlib.sha256(content or files.jpeg()).hexdigest())


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_a_photo_is_kept_as_it_came_and_shown_from_its_pixels(client, chief, assessment):
    original = files.jpeg((300, 200), exif=files.located())
    evidence = added(client, assessment, original, caption="门厅")
    assert body(client.get(reverse("assessments:evidence_file", args=[evidence.pk]))) == original
    shown = body(client.get(reverse("assessments:evidence_shown", args=[evidence.pk])))
    with Image.open(io.BytesIO(shown)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (200, 300))
        assert not picture.getexif()
    assert b"SecretPhone" in original
    assert b"SecretPhone" not in shown


def test_several_files_come_at_once_with_a_caption(client, chief, assessment):
    response = add(
        client, assessment, (files.jpeg(), "a.jpg"), (files.png(), "b.png"), (files.pdf(), "c.pdf"), caption="窗口"
    )
    assert response.status_code == 200
    assert text_of(response).count('class="evidence-file"') == 3
    assert text_of(response).count("窗口") >= 3


def test_a_big_picture_is_shown_at_most_2560_pixels_wide(client, chief, assessment):
    evidence = added(client, assessment, files.jpeg((4000, 3000)))
    with Image.open(io.BytesIO(sealed.evidence.unseal(evidence.shown_digest))) as picture:
        assert max(picture.size) == 2560


def test_a_phones_photo_with_two_pictures_in_it_is_accepted(client, chief, assessment):
    both = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    first.save(both, "MPO", save_all=True, append_images=[second])
    assert add(client, assessment, (both.getvalue(), "IMG_1.jpg")).status_code == 200


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00" + b"\0" * 500, "photo.jpg"),
        (b"MZ\x90\x00" + b"\0" * 500, "setup.exe"),
        (b"<html>" + files.SCRIPT + b"</html>", "photo.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + files.SCRIPT + b"</svg>", "photo.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + files.SCRIPT + b"</svg>", "photo.png"),
        (b"<?php system($_GET['c']); ?>", "photo.jpg"),
        (b"PK\x03\x04" + b"\0" * 500, "photo.jpg"),
        (b"PK\x03\x04" + b"\0" * 500, "table.xlsm"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "photo.jpg"),
        (b"", "photo.jpg"),
        (files.jpeg((900, 900), quality=95)[:2000], "cut.jpg"),
        (files.png((300, 300))[:120], "cut.png"),
        (files.jpeg(), "photo.png"),
        (files.png(), "photo.jpg"),
        (files.pdf(), "photo.jpg"),
        (files.jpeg(), "photo"),
        (b"GIF89a" + b"\0" * 100, "photo.gif"),
        (b"%PDF-1.7\nnothing more", "scan.pdf"),
        (files.SCRIPT + files.pdf(), "scan.pdf"),
        (files.pdf(files.with_script), "scan.pdf"),
        (files.pdf(files.with_nested_script), "scan.pdf"),
        (files.pdf(files.with_launch), "scan.pdf"),
        (files.pdf(files.with_attachment), "scan.pdf"),
        (files.pdf(encryption=files.pikepdf.Encryption(owner="o", user="u")), "scan.pdf"),
        (files.pdf(encryption=files.pikepdf.Encryption(owner="o", user="")), "scan.pdf"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_a_plain_photo_or_pdf_is_refused_with_a_reason(client, chief, assessment, content, name):
    response = add(client, assessment, (content, name))
    assert response.status_code == 415
    assert 'role="alert"' in text_of(response)
    assert not Evidence.objects.exists()


def test_a_script_behind_a_photo_is_not_in_what_is_shown(client, chief, assessment):
    evidence = added(client, assessment, files.jpeg() + files.SCRIPT)
    assert b"<script" not in sealed.evidence.unseal(evidence.shown_digest)


def test_a_script_in_a_photos_comment_is_not_in_what_is_shown(client, chief, assessment):
    evidence = added(client, assessment, files.jpeg(comment=files.SCRIPT))
    assert b"<script" not in sealed.evidence.unseal(evidence.shown_digest)


@pytest.mark.parametrize("side", [7_000, 12_000, 20_000])
def test_a_small_file_with_enormous_pixels_is_refused_unopened(client, chief, assessment, side):
    bomb = files.bomb(side)
    assert len(bomb) < 100_000
    assert add(client, assessment, (bomb, "plan.png")).status_code == 413


def test_a_twenty_megabyte_photo_is_refused_with_the_limit(client, chief, assessment):
    big = files.jpeg() + os.urandom(20 * 1024 * 1024)
    response = add(client, assessment, (big, "big.jpg"))
    assert response.status_code == 413
    assert "20.0 MB, at most 10 MB" in text_of(response)
    assert not Evidence.objects.exists()


def test_ten_megabytes_pass_and_one_byte_more_does_not(client, chief, assessment):
    head, limit = files.jpeg(), settings.EVIDENCE_IMAGE_BYTES
    assert add(client, assessment, (head + b"\0" * (limit - len(head)), "a.jpg")).status_code == 200
    assert add(client, assessment, (head + b"\0" * (limit - len(head) + 1), "b.jpg")).status_code == 413


def test_of_several_files_the_good_ones_stand_and_the_bad_one_is_named(client, chief, assessment):
    response = add(client, assessment, (files.jpeg(), "good.jpg"), (b"MZ", "evil.jpg"), (files.pdf(), "good.pdf"))
    assert response.status_code == 415
    assert "evil.jpg" in text_of(response)
    assert set(Evidence.objects.values_list("name", flat=True)) == {"good.jpg", "good.pdf"}


def test_the_hundred_and_first_file_is_refused(client, chief, assessment, settings):
    settings.EVIDENCE_FILES_PER_ASSESSMENT = 2
    added(client, assessment, files.jpeg(colour="red"))
    added(client, assessment, files.jpeg(colour="green"))
    assert add(client, assessment, (files.jpeg(colour="blue"), "c.jpg")).status_code == 413
    assert Evidence.objects.count() == 2


def test_all_files_together_have_a_limit(client, chief, assessment, settings):
    settings.EVIDENCE_BYTES_PER_ASSESSMENT = len(files.jpeg()) + 10
    added(client, assessment, files.jpeg())
    assert add(client, assessment, (files.png(), "b.png")).status_code == 413


def test_the_same_file_sent_twice_is_there_once(client, chief, assessment):
    added(client, assessment)
    assert add(client, assessment, (files.jpeg(), "again.jpg")).status_code == 200
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\x.jpg", "x.jpg"),
        ("a\0.jpg", "a.jpg"),
        ("\u202egpj.exe.jpg", "gpj.exe.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie_ x=1.jpg"),
        (".-hidden.jpg", "hidden.jpg"),
        ("门" * 300 + ".jpg", "门" * 116 + ".jpg"),
        ("", "file"),
        ("CON.jpg", "_CON.jpg"),
        ("com1 .tar.jpg", "_com1 .tar.jpg"),
        ("console.jpg", "console.jpg"),
        ("-rf.jpg", "rf.jpg"),
        ("photo.jpg:evil.exe. ", "photo.jpg_evil.exe"),
        ("%2e%2e%2fx.jpg", "%2e%2e%2fx.jpg"),
    ],
)
def test_a_file_name_loses_its_path_and_what_cannot_be_seen(raw, kept):
    assert safe_name(raw) == kept


def test_a_download_is_an_attachment_that_nothing_runs_in(client, chief, assessment):
    evidence = added(client, assessment, files.pdf(), '现场"照片.pdf')
    response = client.get(reverse("assessments:evidence_file", args=[evidence.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%8E%B0%E5%9C%BA")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in response["Cache-Control"]


def test_a_pdf_is_never_shown_in_the_page(client, chief, assessment):
    evidence = added(client, assessment, files.pdf(), "scan.pdf")
    assert client.get(reverse("assessments:evidence_shown", args=[evidence.pk])).status_code == 404


@pytest.mark.parametrize("view", ["evidence_file", "evidence_shown"])
def test_strangers_and_other_stations_do_not_find_it(client, chief, assessment, view):
    address = reverse(f"assessments:{view}", args=[added(client, assessment).pk])
    client.logout()
    assert client.get(address).status_code == 302
    for stranger in (
        factories.user("chief", factories.station(bureau=assessment.bureau)),
        factories.user("reviewer", factories.bureau("外县公安局")),
    ):
        client.force_login(stranger)
        assert client.get(address).status_code == 404


def test_the_reviewer_of_the_bureau_sees_it_once_it_is_submitted(client, chief, assessment):
    address = reverse("assessments:evidence_shown", args=[added(client, assessment).pk])
    client.force_login(factories.user("reviewer", assessment.bureau))
    assert client.get(address).status_code == 404
    factories.submitted(assessment, by=chief)
    assert client.get(address).status_code == 200


def test_a_reviewer_may_neither_add_nor_remove(client, chief, assessment):
    evidence = added(client, assessment)
    client.force_login(factories.user("reviewer", assessment.bureau))
    assert add(client, assessment, (files.png(), "b.png")).status_code == 403
    assert client.post(reverse("assessments:evidence_remove", args=[evidence.pk])).status_code == 403


def test_a_chief_cannot_add_to_or_remove_from_another_station(client, chief, assessment):
    evidence = added(client, assessment)
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert add(client, assessment, (files.png(), "b.png")).status_code == 404
    assert client.post(reverse("assessments:evidence_remove", args=[evidence.pk])).status_code == 404
    assert Evidence.objects.present().count() == 1


def test_what_was_removed_is_gone_for_readers_and_stays_as_a_trace(client, chief, assessment):
    evidence = added(client, assessment)
    client.post(reverse("assessments:evidence_remove", args=[evidence.pk]), headers=HTMX)
    assert client.get(reverse("assessments:evidence_file", args=[evidence.pk])).status_code == 404
    trace = Evidence.objects.get(pk=evidence.pk)
    assert (trace.removed_by, sealed.evidence.unseal(trace.digest)) == (chief, files.jpeg())
    assert set(Event.objects.values_list("action", flat=True)) >= {"evidence.add", "evidence.remove"}


def test_after_submitting_nothing_is_added_or_removed(client, chief, assessment):
    evidence = added(client, assessment)
    factories.submitted(assessment, by=chief)
    assert add(client, assessment, (files.png(), "late.png")).status_code == 409
    assert client.post(reverse("assessments:evidence_remove", args=[evidence.pk]), headers=HTMX).status_code == 409
    assert Evidence.objects.present().filter(pk=evidence.pk).exists()


def test_after_the_due_time_nothing_is_added(client, chief, assessment):
    factories.due(assessment)
    assert add(client, assessment, (files.png(), "late.png")).status_code == 409


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]), lambda path: path.unlink()]
)
def test_a_file_changed_or_gone_on_disk_is_not_shown_and_is_reported(client, chief, assessment, spoil):
    evidence = added(client, assessment)
    path = sealed.evidence.path_of(evidence.digest)
    path.chmod(0o600)
    spoil(path)
    response = client.get(reverse("assessments:evidence_file", args=[evidence.pk]))
    assert response.status_code == 409
    assert Event.objects.get(action="evidence.damaged").detail["evidence"] == str(evidence.pk)


def test_a_criterion_that_does_not_exist_is_refused(client, chief, assessment):
    assert add(client, assessment, (files.jpeg(), "a.jpg"), criterion="zones.nowhere").status_code == 400


def test_no_file_at_all_is_refused_with_a_word(client, chief, assessment):
    response = add(client, assessment)
    assert response.status_code == 400
    assert "Choose a photo or a PDF first." in text_of(response)


def test_a_field_that_does_not_belong_is_refused(client, chief, assessment):
    assert add(client, assessment, (files.jpeg(), "a.jpg"), added_by="1").status_code == 400
    assert not Evidence.objects.exists()


def test_files_lie_under_their_digest_and_nowhere_else(client, chief, assessment, store):
    evidence = added(client, assessment, name="../../../evil.jpg")
    lying = {path.name for path in store.rglob("*") if path.is_file()}
    assert lying == {evidence.digest, evidence.shown_digest}
    assert evidence.name == "evil.jpg"


def test_an_id_that_was_never_given_is_not_found(client, chief, assessment):
    assert client.get(reverse("assessments:evidence_file", args=[uuid.uuid4()])).status_code == 404


def test_adding_the_required_evidence_moves_the_progress_on_the_page(client, chief, assessment):
    response = add(client, assessment, (files.jpeg(), "a.jpg"))
    assert 'id="bar" hx-swap-oob="true"' in text_of(response)


def test_a_cut_off_picture_is_refused_where_reports_are_rendered_too(client, chief, assessment, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as importing WeasyPrint does
    assert add(client, assessment, (files.png()[:-30], "cut.png")).status_code == 415
    assert ImageFile.LOAD_TRUNCATED_IMAGES
