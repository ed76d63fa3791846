"""Sealed secrets: bound to their row, readable before, during and after a rotation, also one that was killed."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import transaction

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.jobs.tests.support import child, wait_until
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.outbox.models import OutgoingMessage
from rapport.engine.outbox.secrets import KeyMissing, Sealed, WrongPlace, keys, rotation, seal


@pytest.fixture(autouse=True)
def fresh_ring(settings, tmp_path):
    """A key ring of its own for each test."""
    settings.RAPPORT_HOME = tmp_path


def make_secrets(count):
    with open_act(SYSTEM) as act:
        for number in range(count):
            send_staff_mail(act, to="a@b.example", subject="x", text=f"secret {number}", key=f"secret:{number}")


def opened():
    return [message.content()["text"] for message in OutgoingMessage.objects.order_by("id")]


def test_a_secret_opens_in_its_place_only():
    sealed = seal("täst", place="mail_server.password:1")
    assert sealed.open() == "täst"
    assert seal("täst", place="mail_server.password:1") != sealed
    for place in ("mail_server.password:2", "mail_server.username:1", "other.password:1"):
        with pytest.raises(WrongPlace):
            Sealed(sealed, place).open()
    for at in (0, 10, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises((WrongPlace, KeyMissing)):
            Sealed(bytes(altered), sealed.place).open()


def test_keys_are_for_their_owner_only():
    key = keys.newest_key()
    (file,) = keys.folder().iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.folder().stat().st_mode & 0o777 == 0o700
    assert key.secret.hex() not in repr(key)


def test_a_new_key_is_the_newest_though_made_in_the_same_instant():
    made = [keys.make_key() for _key in range(20)]
    assert keys.key_ids() == [key.id for key in made]
    assert keys.newest_key().id == made[-1].id


def test_a_missing_key_says_what_to_do():
    sealed = seal("x", place="a.b:1")
    keys.drop_key(sealed.key_id)
    with pytest.raises(KeyMissing, match="Put back the folder"):
        sealed.open()


@pytest.mark.django_db
def test_a_secret_moved_to_another_row_does_not_open():
    make_secrets(2)
    first, second = OutgoingMessage.objects.order_by("id")
    OutgoingMessage.objects.filter(pk=second.pk).update(payload=first.payload)
    with pytest.raises(WrongPlace):
        OutgoingMessage.objects.get(pk=second.pk).content()


@pytest.mark.django_db
def test_a_sealed_column_takes_no_clear_text_and_answers_no_question():
    make_secrets(1)
    with pytest.raises(TypeError, match="is sealed"), transaction.atomic():
        OutgoingMessage.objects.update(payload="clear")
    with pytest.raises(FieldError):
        OutgoingMessage.objects.filter(payload=b"x").exists()
    with pytest.raises(FieldError):
        OutgoingMessage.objects.filter(payload__contains=b"x").exists()
    assert OutgoingMessage.objects.filter(payload__isnull=False).count() == 1
    assert opened() == ["secret 0"]


@pytest.mark.django_db
def test_a_rotation_leaves_everything_readable_before_during_and_after():
    make_secrets(450)
    expected = [f"secret {number}" for number in range(450)]
    old = keys.newest_key().id
    assert opened() == expected
    seen = []

    def look(count):
        seen.append(count)
        assert opened() == expected
        assert len(rotation.keys_in_use()) == (1 if count == 450 else 2)

    assert rotation.rotate(look) == 450
    assert seen == [200, 400, 450]
    assert opened() == expected
    assert rotation.keys_in_use() == {keys.newest_key().id: 450}
    assert keys.newest_key().id != old


@pytest.mark.django_db
def test_an_old_key_goes_after_a_day_and_only_when_nothing_needs_it(monkeypatch):
    make_secrets(3)
    old = keys.newest_key().id
    rotation.rotate()
    assert rotation.retire_keys() == 0
    assert old in keys.key_ids()
    monkeypatch.setattr(rotation, "GRACE", timedelta(0))
    message = OutgoingMessage.objects.first()
    late = "written by a process that knew only the old key"
    stale = sealed_with(old, json.dumps({"text": late}), message)
    OutgoingMessage.objects.filter(pk=message.pk).update(payload=stale)
    assert rotation.retire_keys() == 1
    assert keys.key_ids() == [keys.newest_key().id]
    assert OutgoingMessage.objects.get(pk=message.pk).content()["text"] == late


def sealed_with(key_id, text, message):
    """As a process would seal that has not seen the new key."""
    newer = [file for file in keys.folder().iterdir() if not file.name.startswith(key_id.hex())]
    for file in newer:
        file.rename(file.with_suffix(".away"))
    try:
        return seal(text, place=f"outgoing_message.payload:{message.pk}")
    finally:
        for file in newer:
            file.with_suffix(".away").rename(file)


@pytest.mark.django_db(transaction=True)
def test_a_killed_rotation_goes_on_where_it_stopped():
    make_secrets(600)
    expected = [f"secret {number}" for number in range(600)]
    old = keys.newest_key().id
    ring = str(keys.folder().parent.parent)
    with child("-m", "rapport.engine.outbox.tests.sample_rotation", SAMPLE_PAUSE="0.4", SAMPLE_RING=ring):
        wait_until(lambda: 0 < rotation.keys_in_use().get(old, 0) < 600, what="some values are sealed anew")
    assert opened() == expected
    half = rotation.keys_in_use()
    assert len(half) == 2
    call_command("keys", "rotate")
    assert opened() == expected
    assert rotation.keys_in_use() == {keys.newest_key().id: 600}
    assert set(half) == {old, keys.newest_key().id}


@pytest.mark.django_db
def test_the_command_tells_what_it_did(capsys):
    make_secrets(2)
    call_command("keys", "rotate")
    told = capsys.readouterr().out
    assert "2 values are sealed with the new key" in told
    assert keys.newest_key().secret.hex() not in told


def test_a_secret_needs_a_row():
    with pytest.raises(ValueError, match="give the row its id first"):
        OutgoingMessage(id=None, payload="x")
    assert OutgoingMessage(id=uuid4(), payload="").payload is None
