"""What the tests of both pages do."""

import re

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox import queries
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.outbox.models import OutgoingMessage

MAIL, OUTBOX = "/settings/mail/", "/outbox/"
GOOD = {
    "host": "mail.northwind.example", "port": "587", "security": "starttls", "username": "crm",
    "password": "s3cret-one", "from_address": "crm@northwind.example", "from_name": "Northwind",
}  # fmt: skip


def save(client, **changes):
    return client.post(MAIL, {**GOOD, **changes})


def page_of(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def problems(answer):
    assert answer.status_code == 422
    return " ".join(re.findall(r'class="problem" id="id_(\w+)_error"', answer.content.decode()))


def undo_in(page):
    return re.search(r'action="(/batches/[^"]+/undo)"', page)


def write(number=1, **more):
    with open_act(SYSTEM) as act:
        content = {"subject": f"Hello {number}", "text": "Sign in: https://crm.example/link/s3cret-token", **more}
        return send_staff_mail(act, to=f"person{number}@northwind.example", key=f"hello:{number}", **content)


def put_in(state, number=1):
    message = write(number)
    OutgoingMessage.objects.filter(pk=message).update(state=state)
    return message


def state_of(message):
    return queries.message(message).state


def shown(page):
    """The messages on a page, in order."""
    return re.findall(r'<tr id="message-([0-9a-f-]+)"', page)
