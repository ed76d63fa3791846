"""Keeping files: whole or not at all, once for each content, told by their bytes, and no bombs."""

import errno
import hashlib
import io
import os
import time
import zipfile

import pytest
from django.db import transaction

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.files.actions import keep_file
from rapport.engine.files.archives import ArchiveLimits, check_archive
from rapport.engine.files.errors import FileRefused, StoreFull, TooLarge
from rapport.engine.files.jobs import _remove, sweep
from rapport.engine.files.models import StoredFile
from rapport.engine.files.store import clean_name, open_content, path_of, receive, root
from rapport.engine.files.tests import sample
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.tests.support import child, wait_until

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path):
    settings.RAPPORT_HOME = tmp_path


def put(content, name="note.txt", **more):
    with receive(io.BytesIO(content), name=name, **more) as incoming, open_act(SYSTEM) as act:
        return keep_file(act, incoming)


def everything():
    return sorted(path.relative_to(root()) for path in root().rglob("*") if path.is_file())


@pytest.mark.django_db
def test_a_file_lies_under_its_hash_and_reads_as_it_was_sent():
    content = os.urandom(700_000)
    file = put(content, "data.bin")
    digest = hashlib.sha256(content).hexdigest()
    assert (file.name, file.size, file.sha256) == ("data.bin", 700_000, digest)
    assert file.content_type == "application/octet-stream"
    assert [str(path) for path in everything()] == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    with open_content(digest) as kept:
        assert kept.read() == content
    assert path_of(digest).stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_the_same_content_is_kept_once():
    first, second = put(b"same", "a.txt"), put(b"same", "b.txt")
    assert first.sha256 == second.sha256
    assert len(everything()) == 1
    assert StoredFile.objects.count() == 2


@pytest.mark.django_db
def test_what_is_too_large_leaves_nothing():
    with pytest.raises(TooLarge, match="larger than 0 MB"):
        put(b"x" * 1001, most=1000)
    assert everything() == []
    assert put(b"x" * 1000, most=1000).size == 1000


@pytest.mark.django_db
def test_a_stream_that_breaks_leaves_nothing():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError), receive(Broken(b"x" * 100), name="a"):
        pass
    assert everything() == []


@pytest.mark.django_db
def test_a_full_disk_is_said_in_plain_words_and_leaves_nothing():
    class Full(io.BytesIO):
        def read(self, size=-1):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StoreFull, match="no room left"), receive(Full(), name="a"):
        pass
    assert everything() == []


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (sample.png(), "photo.exe", "image/png"),
        (sample.gif(), "a.txt", "image/gif"),
        (sample.jpeg(), "a", "image/jpeg"),
        (sample.webp(b"VP8X"), "a", "image/webp"),
        (b"%PDF-1.7\n", "a.png", "application/pdf"),
        (sample.xlsx(), "a.zip", XLSX),
        (sample.archive({"readme": "x"}), "a.xlsx", "application/zip"),
        (b"PK\x03\x04 broken", "a.zip", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n broken", "a.png", "application/octet-stream"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png", "image/svg+xml"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><svg/>", "a.xml", "image/svg+xml"),
        (b"\n\n<!DOCTYPE HTML><title>", "a.txt", "text/html"),
        (b"<script>alert(1)</script>", "a.csv", "text/html"),
        ("<html>".encode("utf-16"), "a.txt", "text/html"),
        (b"BEGIN:VCARD\r\nVERSION:4.0", "a.txt", "text/vcard"),
        (b"name;mail\r\n", "a.csv", "text/csv"),
        ("Gr\u00fc\u00dfe".encode("latin-1"), "a.txt", "text/plain"),
        ("é".encode() * 4000, "a.txt", "text/plain"),
        (b"", "empty", "text/plain"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.txt", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_are(content, name, expected):
    with receive(io.BytesIO(content), name=name) as incoming:
        assert incoming.content_type == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\eve\\a.doc", "a.doc"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("...", "file"),
        ("", "file"),
        ("é" * 255 + ".xlsx", "é" * 195 + ".xlsx"),
        ("x" * 300, "x" * 200),
        (".htaccess", "htaccess"),
    ],
)
def test_names_are_shown_without_tricks(name, expected):
    assert clean_name(name) == expected


@pytest.mark.parametrize(
    "bomb",
    [
        sample.png(50_000, 50_000),
        sample.gif(65_535, 65_535),
        sample.jpeg(60_000, 60_000),
        sample.jpeg(60_000, 60_000, exif=b"x" * 60_000),
        sample.webp(b"VP8X", 16_000_000, 16_000_000),
        sample.webp(b"VP8L", 16_384, 16_384),
        sample.webp(b"VP8 ", 16_383, 16_383),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused(bomb):
    with pytest.raises(TooLarge, match="pixels"), receive(io.BytesIO(bomb), name="a.png"):
        pass


@pytest.mark.parametrize(
    "bomb",
    [
        sample.archive({"a": b"\0" * 50_000_000}),
        sample.archive({f"xl/{number}": b"" for number in range(10_001)}),
        sample.overlapping_bomb(),
        sample.overlapping_bomb(copies=2, size=1000),
    ],
)
def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(bomb):
    # Whoever unpacked a member would stumble over what is no longer there.
    directory_at = zipfile.ZipFile(io.BytesIO(bomb)).start_dir
    hollow = bomb[:4] + b"\0" * (directory_at - 4) + bomb[directory_at:]
    with pytest.raises(TooLarge, match="unpacks"), receive(io.BytesIO(hollow), name="a.xlsx"):
        pass


def test_an_archive_with_a_lying_end_is_not_read_far():
    honest = sample.archive({f"{number:06}": b"" for number in range(20_000)})
    at = honest.rfind(b"PK\x05\x06")
    lying = honest[: at + 8] + b"\x01\x00\x01\x00" + honest[at + 12 :]
    with pytest.raises(TooLarge):
        check_archive(io.BytesIO(lying), ArchiveLimits(directory=100_000))
    with pytest.raises(FileRefused, match="damaged"):
        check_archive(io.BytesIO(honest[:-30]))


@pytest.mark.django_db
def test_the_sweep_takes_only_what_is_old_and_referred_to_by_nobody():
    kept, deleted = put(b"kept"), put(b"deleted")
    with open_act(SYSTEM) as act:
        act.delete(deleted)
    with transaction.atomic():
        old_orphan, young_orphan = put(b"old orphan"), put(b"young orphan")
        transaction.set_rollback(True)
    stray = root() / "incoming" / "stray"
    stray.write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    for path in (path_of(kept.sha256), path_of(deleted.sha256), path_of(old_orphan.sha256), stray):
        os.utime(path, (yesterday, yesterday))
    sweep.function(Reporter())
    left = {path.name for path in everything()}
    assert left == {kept.sha256, deleted.sha256, young_orphan.sha256}


@pytest.mark.django_db
def test_a_content_sent_again_is_young_again():
    with transaction.atomic():
        orphan = put(b"orphan")
        transaction.set_rollback(True)
    yesterday = time.time() - 25 * 3600
    os.utime(path_of(orphan.sha256), (yesterday, yesterday))
    again = put(b"orphan")
    sweep.function(Reporter())
    assert path_of(again.sha256).exists()
    assert path_of(again.sha256).stat().st_mtime > yesterday + 1000


@pytest.mark.django_db
def test_a_content_that_got_its_row_meanwhile_is_not_swept():
    file = put(b"just in time")
    _remove(file.sha256, before=time.time() + 60)
    assert path_of(file.sha256).exists()


def test_killed_while_a_file_arrives_nothing_half_is_kept(tmp_path):
    code = (
        "import django; django.setup()\n"
        "import time, sys\n"
        "from pathlib import Path\n"
        "from django.conf import settings\n"
        "from rapport.engine.files.store import receive\n"
        "settings.RAPPORT_HOME = Path(sys.argv[1])\n"
        "class Slow:\n"
        "    def read(self, size=-1):\n"
        "        time.sleep(0.02)\n"
        "        return b'x' * 50_000\n"
        "receive(Slow(), name='a').__enter__()\n"
    )
    with child("-c", code, str(tmp_path)):
        wait_until(lambda: sum(p.stat().st_size for p in root().glob("incoming/*")) > 100_000, what="it arrives")
    (rest,) = everything()
    assert rest.parts[0] == "incoming"
