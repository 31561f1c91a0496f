"""T34, T35: whatever is handed in as a photo or scan, nothing runs, nothing lies outside the store, nobody waits."""

import io
import re
import resource
import zipfile

import pytest
from django.urls import reverse
from PIL import Image

from assessments import decoding, sealed
from assessments.models import Evidence
from tests import factories
from tests.assessments import files

pytestmark = pytest.mark.django_db
CRITERION = "zones.service"
EDGE = "b0undary"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    return tmp_path


@pytest.fixture
def address(client):
    assessment = factories.assessment(factories.period())
    client.force_login(factories.user("chief", assessment.station))
    return reverse("assessments:evidence_add", args=[assessment.pk, CRITERION])


def send(client, address: str, *uploads: tuple[str | bytes, bytes]):
    """The bytes of a form with files of these names, exactly as a hostile program would write them."""
    parts = b""
    for name, content in uploads:
        raw = name if isinstance(name, bytes) else name.encode()
        head = b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n' % (EDGE.encode(), raw)
        parts += head + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n"
    body = parts + f"--{EDGE}--\r\n".encode()
    return client.generic(
        "POST",
        address,
        body,
        content_type=f"multipart/form-data; boundary={EDGE}",
        headers={"Accept": "application/json"},
    )


def packed(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        for name in names:
            parts.writestr(name, b"x" * 50)
    return content.getvalue()


HOSTILE = {
    "page": b"<!DOCTYPE html><html>" + files.SCRIPT + b"</html>",
    "drawing": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + files.SCRIPT + b"</svg>",
    "script": b"alert(document.domain)//" + b" " * 100,
    "server page": b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>",
    "program": b"MZ\x90\x00" + b"\0" * 500,
    "eicar": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "workbook with macros": packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
    "document with macros": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "archive": packed("a.txt"),
    "picture of another kind": b"GIF89a" + b"\0" * 100,
    "head of a photo alone": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "nothing": b"",
}


@pytest.mark.parametrize("extension", ["jpg", "png", "pdf"])
def test_what_only_pretends_is_refused_whatever_its_name_says(client, address, store, extension):
    for kind, content in HOSTILE.items():
        assert send(client, address, (f"photo.{extension}", content)).status_code == 415, kind
    assert not Evidence.objects.exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


@pytest.mark.parametrize("extension", ["html", "svg", "js", "php", "exe", "xlsm", "docm", "zip", "jpg.exe", ""])
def test_a_real_photo_with_another_ending_is_refused(client, address, extension):
    assert send(client, address, (f"photo.{extension}", files.jpeg())).status_code == 415


@pytest.mark.parametrize("pixels", ["20000", "12001"])
def test_enormous_pictures_are_refused_before_they_are_decoded(client, address, pixels):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert send(client, address, ("plan.png", files.bomb(int(pixels)))).status_code == 413
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_what_would_take_more_memory_than_there_is_ends_alone(monkeypatch):
    monkeypatch.setattr(decoding, "PNG_PIXELS", 2_000_000_000)
    monkeypatch.setattr(decoding, "JPEG_PIXELS", 2_000_000_000)
    with pytest.raises(decoding.Unreadable) as refused:
        decoding.open_file(files.bomb(40_000), "image/png")
    assert refused.value.why == "pixels"


def test_a_decoder_that_dies_or_hangs_is_a_refusal(client, address, monkeypatch, tmp_path):
    program = tmp_path / "decoder.py"
    monkeypatch.setattr(decoding, "_PROGRAM", program)
    program.write_text("import os\nos.kill(os.getpid(), 11)\n")
    assert send(client, address, ("photo.jpg", files.jpeg())).status_code == 415
    program.write_text("while True: pass\n")
    monkeypatch.setattr(decoding, "SECONDS", 0.2)
    assert send(client, address, ("photo.jpg", files.jpeg())).status_code == 415
    assert not Evidence.objects.exists()


def test_the_place_where_a_photo_was_taken_is_not_in_what_is_shown(client, address):
    assert send(client, address, ("photo.jpg", files.jpeg(exif=files.located()))).status_code == 302
    with Image.open(io.BytesIO(sealed.evidence.unseal(Evidence.objects.get().shown_digest))) as shown:
        assert not shown.getexif().get_ifd(0x8825)
        assert not shown.info.keys() & {"exif", "comment", "icc_profile"}


NAMES = {
    "../../../../etc/cron.d/evil.jpg": "evil.jpg",
    "..\\..\\windows\\evil.jpg": "evil.jpg",
    "%2e%2e%2fetc%2fpasswd.jpg": "%2e%2e%2fetc%2fpasswd.jpg",
    "/etc/passwd.jpg": "passwd.jpg",
    "a\0.jpg": "a.jpg",
    "CON.jpg": "_CON.jpg",
    "gpj\u202egpj.exe.jpg": "gpjgpj.exe.jpg",
    "-rf .jpg": "rf .jpg",
    ".htaccess.jpg": "htaccess.jpg",
    "门" * 60 + ".jpg": "门" * 60 + ".jpg",
    "长" * 300 + ".jpg": "长" * 116 + ".jpg",
}


def test_hostile_names_become_safe_ones_and_nothing_lies_outside_the_store(client, address, store):
    answer = send(client, address, *((name, files.jpeg((64 + n, 48))) for n, name in enumerate(NAMES)))
    assert answer.status_code == 302
    assert list(Evidence.objects.order_by("added_at").values_list("name", flat=True)) == list(NAMES.values())
    lying = [path for path in store.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(store / "var" / "files" / "evidence") for path in lying)
    assert all(re.fullmatch("[0-9a-f]{64}", path.name) for path in lying)
    for evidence in Evidence.objects.all():
        said = client.get(reverse("assessments:evidence_file", args=[evidence.pk]))["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename(=\"[ !#-~]+\"|\*=utf-8''[A-Za-z0-9._~%-]+)", said)


@pytest.mark.parametrize("name", [b'a"\r\nSet-Cookie: x=1\r\nX: ".jpg', b"\xff\xfe.jpg", b'".jpg', b"."])
def test_a_name_that_breaks_out_of_its_header_is_refused_or_made_safe(client, address, name):
    answer = send(client, address, (name, files.jpeg()))
    assert answer.status_code in (302, 400, 415)
    assert "x" not in answer.cookies
    for evidence in Evidence.objects.all():
        assert evidence.name.isprintable()
        said = client.get(reverse("assessments:evidence_file", args=[evidence.pk]))
        assert "x" not in said.cookies
        assert "\r" not in said["Content-Disposition"]
