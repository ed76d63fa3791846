"""A small world in which every screen has something to show."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db import connection
from django.utils import timezone

from rapport.engine.accounts import actions as accounts
from rapport.engine.accounts import teams
from rapport.engine.accounts.audit import make_report
from rapport.engine.accounts.audit.keeping import keep_report
from rapport.engine.accounts.factors import actions as factors
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.factors.totp import new_secret
from rapport.engine.accounts.models import SensitiveRead, User
from rapport.engine.accounts.notifications import notify
from rapport.engine.accounts.teams import add_member, create_team
from rapport.engine.events.act import open_act
from rapport.engine.events.ids import uuid7
from rapport.engine.files.actions import keep_file
from rapport.engine.jobs.models import Failure, LoopTrouble, Progress
from rapport.engine.outbox.actions import MailSettings, set_mail_server
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.outbox.models import OutgoingMessage, State
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.custom.actions import create_field, delete_field
from rapport.engine.records.custom.kinds import KINDS
from rapport.engine.records.definitions import forget
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.exports.export import RecordsExported, note_export
from rapport.engine.records.filing import receive_file
from rapport.engine.records.gate import EVERY_VERB
from rapport.engine.records.merging import merge_records
from rapport.engine.records.models import BulkRefusal, BulkRun, QualityDay
from rapport.engine.records.quality.actions import create_quality_rule
from rapport.engine.records.quality.working import rescore_rows
from rapport.engine.records.registry import record_type
from rapport.engine.records.roles.actions import create_role
from rapport.engine.records.rules.actions import create_rule
from rapport.engine.records.saved.actions import create_view
from rapport.engine.records.sharing import share_record
from tests.fixtures.passkeys import SoftKey
from tests.fixtures.signing import signed_in_client

HAL, PASSWORD = "hal@northwind.example", "a long enough secret"
RULES = [
    ("source", "required", "x_mood = gone"),
    ("time_zone", "required", 'source = "Fair"'),
    ("source", "readonly", "birthday = 1990-03-14"),
    ("language", "visible", 'source = "Nowhere"'),
]
ADD_JOB = """
    INSERT INTO procrastinate_jobs (task_name, queue_name, args, status, scheduled_at)
    VALUES (%s, 'default', '{}', %s, %s) RETURNING id
"""


@dataclass
class World:
    """Whom and what the addresses name."""

    amara: Any
    bruno: Any
    dana: Any
    alice: Any
    gone: Any = None
    company: Any = None
    view: Any = None
    passkey: int = 0
    links: dict[str, str] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    runs: dict[str, Any] = field(default_factory=dict)
    audits: list[Any] = field(default_factory=list)
    teams: dict[str, Any] = field(default_factory=dict)
    talk: dict[str, Any] = field(default_factory=dict)
    rule: Any = None
    merge: Any = None


def furnish(world: World) -> None:
    """Fill it: a field of each kind, a file, a note, deleted things, mail and jobs in each state, news."""
    make_factors(world)
    make_fields(world)
    make_records(world)
    make_rules(world)
    make_mail(world)
    make_jobs()
    make_shares(world)
    make_bulk_runs(world)
    make_access(world)
    make_quality(world)
    make_twins(world)
    with open_act(world.dana.actor) as act:
        _grace, world.links["invitation"] = accounts.invite_user(act, email="grace@northwind.example", name="Grace")
        accounts.create_token(act, world.dana, name="Shop", scope="read")
    make_audits(world)
    notify(world.dana.pk, title="Your import is done", url="/people/", key="one", body="Three people")


def make_quality(world: World) -> None:
    """A person of two years ago, a rule of one's own, one that is broken, and how it went from day to day."""
    people = record_type("people")
    with open_act(world.dana.actor, now=timezone.now() - timedelta(days=730)) as act:
        old = {"name": "Old Friend", "emails": "old@x.example", "phones": "+4722334455", "owner": str(world.alice.pk)}
        world.people["old"] = create_record(act, people, old)
    rule = {"field": "source", "kind": "complete", "label": "Has a source", "weight": "2"}
    with open_act(world.dana.actor) as act:
        world.rule = create_quality_rule(act, people, rule)
        broken = create_quality_rule(act, people, rule | {"label": "Broken"})
        act.change(broken, field="x_gone")
    forget()
    rescore_rows(people, people.rows())
    today = timezone.now().date()
    for back in range(1, 15):
        numbers = {"average": 50 + 2 * back % 13, "records": 4}
        QualityDay.objects.create(record_type="people", day=today - timedelta(days=back), **numbers)


def make_twins(world: World) -> None:
    """Three who look like one, and two who were merged and changed since."""
    people = record_type("people")
    twin = {"emails": "zoe@x.example", "phones": "+4722334466", "addresses": [{"city": "Oslo"}], "owner": "me"}
    with open_act(world.alice.actor) as act:
        for name in ("Zoe Moen", "Zoë Moen", "Moen Zoe"):
            create_record(act, people, twin | {"name": name})
        pair = [create_record(act, people, twin | {"name": name, "emails": "una@x.example"}) for name in ("Una", "U.")]
        world.merge = merge_records(act, people, pair, survivor=pair[0].pk)
    with open_act(world.alice.actor) as act:
        change_record(act, people, pair[0], {"salutation": "Dr"})
    scan(people)


def make_audits(world: World) -> None:
    """One of a month ago and one of now, which tells of a share, of exports and of reads."""
    with open_act(world.dana.actor) as act:
        share_record(act, record_type("people"), world.amara, {"kind": "user", "holder": str(world.alice.pk)})
    note_export(world.alice.actor, RecordsExported(uuid7(), "people", "stage = lead", "xlsx", 4_200))
    now = timezone.now()
    SensitiveRead.objects.create(user_id=world.alice.pk, day=now.date(), record_type="people", door="page", records=400)
    for until in (now - timedelta(days=31), now):
        with open_act(world.dana.actor) as act:
            world.audits.append(keep_report(act, make_report(until=until)))


def make_fields(world: World) -> None:
    """A choice and a file for people, and for companies whatever a field can be."""
    people, companies = record_type("people"), record_type("companies")
    options = [{"label": "Calm", "colour": "good"}, {"label": "Keen"}, {"label": "Gone"}]
    with open_act(world.dana.actor) as act:
        mood = {"label": "Mood", "type": "choice", "options": options, "help": "As of today", "indexed": True}
        world.fields["choice"] = create_field(act, people, mood)
        world.fields["file"] = create_field(act, people, {"label": "Contract", "type": "file"})
        world.fields["deleted"] = create_field(act, people, {"label": "Shoe size", "type": "number"})
        delete_field(act, world.fields["deleted"])
        for kind in KINDS.values():
            more = {"options": options} if kind.has_options else {"target": "people"} if kind.has_target else {}
            more |= {"formula": "round(revenue / size, 1)"} if kind.has_formula else {}
            made = create_field(act, companies, {"label": f"Own {kind.label}", "type": kind.name, **more})
            world.fields.setdefault(kind.name, made)
    forget()


def make_rules(world: World) -> None:
    """Amara's page has something needed, something locked and something hidden."""
    with open_act(world.dana.actor) as act:
        for slug, kind, condition in RULES:
            create_rule(act, record_type("people"), {"field": slug, "kind": kind, "condition": condition})
    forget()


def make_factors(world: World) -> None:
    """Dana has an app and two passkeys, and is signed in elsewhere; Hal has a password and a passkey."""
    dana, hal = world.dana, User.objects.create_user(HAL, PASSWORD, name="Hal")
    with open_act(hal.actor) as act:
        factors.add_passkey(act, hal, name="Phone", credential=SoftKey().register())
    with open_act(dana.actor) as act:
        factors.add_app(act, dana, secret=new_secret(), period=0)
        for name in ("Blue laptop", "A key with quite a long name that somebody has given it"):
            factors.add_passkey(act, dana, name=name, credential=SoftKey().register())
    world.passkey = factors_of(dana).passkeys[0].id
    for agent in ("iPhone Version/18 Mobile/15E148 Safari/604.1", "Windows Edg/138"):
        signed_in_client(dana, headers={"user-agent": agent}, REMOTE_ADDR="2001:db8::17:4").get("/bell/")


def make_records(world: World) -> None:
    people = record_type("people")
    with receive_file(BytesIO(b"Terms"), name="contract.txt") as sent, open_act(world.dana.actor) as act:
        contract = keep_file(act, sent)
        world.gone = create_record(act, people, {"name": "Gone Gunnarsson"})
        note = {"about_type": "people", "about_id": str(world.amara.pk), "text": "Likes <b>tents</b>"}
        create_record(act, record_type("notes"), note)
        change_record(act, people, world.bruno, {"x_contract": str(contract.pk), "x_mood": "keen"})
    with open_act(world.dana.actor) as act:
        delete_records(act, people, [world.gone])
        change_record(act, people, world.amara, {"tags": "tents, boots", "source": "Fair", "birthday": "1990-03-14"})
        parts = {"where": "stage = lead", "order": "name"}
        world.view = create_view(act, people, {"name": "Leads", "is_shared": True, "parts": parts})
        for number in range(8):
            create_view(act, people, {"name": f"View {number}", "parts": {"where": f'name ~ "{number}"'}})
    world.company = record_type("companies").rows().get(name="Fjordlink AS")


def make_access(world: World) -> None:
    """A role that hides and filters, a tree of teams, one team for a time and an invitation to another."""
    soon = (timezone.now().date() + timedelta(days=30)).isoformat()
    people = {
        "reach": dict.fromkeys(EVERY_VERB, "team") | {"read": "filter"},
        "where": {"read": "owner = my team"}, "hidden": ["phones"], "locked": ["stage"],
    }  # fmt: skip
    with open_act(world.dana.actor) as act:
        create_role(act, {"name": "Scout", "purpose": "Looks around", "policies": {"people": people}})
        north = teams.create_team(act, {"name": "North", "purpose": "Fjords"})
        world.teams["tree"] = teams.create_team(act, {"name": "Oslo", "parent": str(north.pk)})
        teams.add_member(act, north, world.dana, leads=True)
        teams.add_member(act, world.teams["tree"], world.alice, leads=True)
        world.teams["time"] = teams.gather_team(act, {"name": "Audit", "ends_on": soon}, [world.alice])
    with open_act(world.alice.actor) as act:
        raw = {"name": "Spring fair", "purpose": "Tents", "ends_on": soon}
        teams.gather_team(act, raw, [world.dana])
    forget()


def make_mail(world: World) -> None:
    """A mail server, and a message in each state."""
    settings = MailSettings("mail.northwind.example", 587, "starttls", "crm@northwind.example", "Northwind", "crm", "x")
    with open_act(world.dana.actor) as act:
        set_mail_server(act, settings)
        for number, state in enumerate(State):
            subject = f"Hello {state.label}"
            key = send_staff_mail(
                act, to=f"person{number}@northwind.example", subject=subject, text="Hi", key=str(state)
            )
            OutgoingMessage.objects.filter(pk=key).update(state=state, answer="421 Try again later.")


def make_bulk_runs(world: World) -> None:
    """One that looks for its records, one at work, one that stopped, and one that is done but for two records."""
    kept = {"record_type": "people", "user_id": world.dana.pk, "deed": "edit", "created_at": timezone.now()}
    some = {"is_found": True, "total": 23_570, "done": 9_500, "started_at": timezone.now()}
    counts = {"changed": 9_100, "same": 380, "beyond": 12, "gone": 6, "refused": 2}
    states: dict[str, dict[str, Any]] = {
        "look": {"total": 20_000},
        "run": {**some, "counts": counts},
        "stopped": {**some, "counts": counts, "error": "The work was broken off."},
        "done": {**some, "counts": counts, "finished_at": timezone.now()},
    }
    for state, values in states.items():
        world.runs[state] = run = BulkRun.objects.create(**kept, **values, state=state)
        for person in (world.amara, world.bruno):
            reason = "Another record has “A-1” here, and it must be unique."
            BulkRefusal.objects.create(run_id=run.pk, record=person.pk, reason=reason)


def make_shares(world: World) -> None:
    """A record shared with a user whose role lets them see none such, with another for some time, and with a team."""
    people = record_type("people")
    policies = {"companies": {"reach": {"read": "own"}, "hidden": ["domains"], "locked": ["name"]}}
    with open_act(world.dana.actor) as act:
        role = create_role(act, {"name": "Book-keeper", "policies": policies})
        olga = accounts.add_user(act, email="olga@northwind.example", name="Olga Brandt", role=role.slug)
        sven = accounts.add_user(act, email="sven@northwind.example", name="Sven Holm")
        fjords = create_team(act, {"name": "Fjords"})
        add_member(act, fjords, sven, leads=True)
    world.people = {"olga": olga, "sven": sven}
    with open_act(world.alice.actor) as act:
        share_record(act, people, world.amara, {"holder": str(olga.pk), "level": "change"})
        share_record(act, people, world.amara, {"holder": str(sven.pk), "until": "2099-03-31"})
        share_record(act, people, world.amara, {"kind": "team", "holder": str(fjords.pk)})


def make_jobs() -> None:
    """A job in each state, one of them with an error, and a loop in trouble."""
    now = timezone.now()
    for status in ("todo", "doing", "succeeded", "failed", "cancelled"):
        with connection.cursor() as cursor:
            cursor.execute(ADD_JOB, ["rapport.engine.files.jobs.sweep", status, now if status == "todo" else None])
            (job,) = cursor.fetchone()
        if status == "doing":
            Progress.objects.create(job_id=job, done=120, total=400, message="rows", begun_at=now, reported_at=now)
        if status == "failed":
            Failure.objects.create(
                job_id=job, attempt=1, at=now, error="The disk is full.", details="Traceback\n  line"
            )
    LoopTrouble.objects.create(name="mail", since=now, last_at=now, times=3, error="Connection refused")
