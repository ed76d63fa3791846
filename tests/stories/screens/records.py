"""Lists, records, forms, filter and search."""

from rapport.engine.records.registry import record_type
from tests.stories.screens.furnishing import World
from tests.stories.screens.screen import Screen

PEOPLE = "/people/"
OTHERS = 'count(notes where text ~ "x") > 0 and did("created", 30d, 2 where by = me) and stage held 14d'
CREATE = ".form > .buttons .main"


def on_records(world: World) -> list[Screen]:
    return [*lists(world), *pages(world), *forms(world), *in_bulk(world), *twins(world)]


def lists(world: World) -> list[Screen]:
    return [
        Screen("list", PEOPLE),
        Screen("list, filtered", f"{PEOPLE}?where=stage = lead&order=-created_at&columns=name,stage,emails,tags"),
        Screen("list, other columns", f"{PEOPLE}?columns=name,birthday,do_not_contact,x_mood,x_contract,created_by"),
        Screen("list, nothing matches", f'{PEOPLE}?where=name = "nobody at all"'),
        Screen("list, filter cannot be read", f"{PEOPLE}?where=no such thing", status=400),
        Screen("list, deleted", f"{PEOPLE}?deleted=1"),
        Screen("list, saved view", f"{PEOPLE}?view={world.view.pk}&where=stage = lead&order=name"),
        Screen("list, saved view changed", f"{PEOPLE}?view={world.view.pk}&where=stage = customer"),
        Screen("list, saved view gone", f"{PEOPLE}?view={world.amara.pk}&where=stage = lead"),
        Screen("list, saved without a name", f"{PEOPLE}?where=stage = customer", press=".naming .main"),
        Screen("list, companies", "/companies/"),
        Screen("board", f"{PEOPLE}?layout=board&blank=1"),
        Screen("board, by owner, filtered", f"{PEOPLE}?layout=board&board=owner&where=stage = lead"),
        Screen("board, companies", "/companies/?layout=board"),
        Screen("board, nothing matches", f'{PEOPLE}?layout=board&where=name = "nobody at all"'),
        Screen("board, filter cannot be read", f"{PEOPLE}?layout=board&where=no such thing", status=400),
        Screen("list, under groups", f"{PEOPLE}?group=stage&totals=name:count,city:unique,created_at:max"),
        Screen("list, under companies", f"{PEOPLE}?group=company&widths=name:200,stage:140&order=name"),
        Screen("list, as a chart", f"{PEOPLE}?layout=chart"),
        Screen("list, as a chart in parts", f"{PEOPLE}?layout=chart&by=stage&series=city"),
        Screen("list, as lines", f"{PEOPLE}?layout=chart&by=created_at:day&series=stage&chart=lines"),
        Screen("list, no such chart", f"{PEOPLE}?layout=chart&by=nonsense"),
        Screen("list, nothing to chart", f"{PEOPLE}?layout=chart&where=name = nobody"),
        Screen("list, rows are picked on a phone", f"{PEOPLE}?select=1&group=stage"),
        Screen("list, no such group", f"{PEOPLE}?group=nonsense"),
        Screen("list, a record beside it", f"{PEOPLE}?peek={world.amara.pk}"),
        Screen("list, a company beside it", f"/companies/?peek={world.company.pk}"),
        Screen("list, a deleted record beside it", f"{PEOPLE}?peek={world.gone.pk}"),
        Screen("list, nothing to show beside it", f"{PEOPLE}?peek=nothing"),
        Screen("filter", f"{PEOPLE}filter?where=stage = lead and city = Oslo"),
        Screen("filter, groups", f"{PEOPLE}filter?where=stage in (lead, customer) and (city = x or owner = me)"),
        Screen("filter, of others and the journal", f"{PEOPLE}filter?where={OTHERS}"),
        Screen("filter, problems", f"{PEOPLE}filter?match=all&0.field=birthday&0.op==&0.value=soon&apply=1"),
        Screen("search", "/search?q=amara"),
        Screen("search, nothing found", "/search?q=zzzzqqqq"),
        Screen("search, nothing asked", "/search"),
    ]


def pages(world: World) -> list[Screen]:
    return [
        Screen("record", f"{PEOPLE}{world.amara.pk}/"),
        Screen("record with a file", f"{PEOPLE}{world.bruno.pk}/"),
        Screen("record, deleted", f"{PEOPLE}{world.gone.pk}/"),
        Screen("record, company", f"/companies/{world.company.pk}/"),
        Screen("record, changes only", f"{PEOPLE}{world.amara.pk}/?kind=changes"),
        Screen("record, shared with nobody", f"{PEOPLE}{world.bruno.pk}/share"),
        Screen("record, shared", f"{PEOPLE}{world.amara.pk}/share"),
        Screen("record, shared, problems", f"{PEOPLE}{world.amara.pk}/share", press=".sharing .main"),
        Screen("who can see it", f"{PEOPLE}{world.amara.pk}/why"),
        Screen("who can see it, and why", f"{PEOPLE}{world.amara.pk}/why?q=o&user={world.people['olga'].pk}"),
        Screen("who can see it, nobody of this name", f"{PEOPLE}{world.amara.pk}/why?q=zzz"),
        Screen("timeline", f"{PEOPLE}{world.amara.pk}/timeline"),
        Screen("notifications", "/bell/"),
        Screen("notifications, all", "/bell/?state=all"),
        Screen("notifications, snoozed", "/bell/?state=snoozed"),
        Screen("notifications, done", "/bell/?state=done"),
        Screen("notifications, none", "/bell/", is_member=True),
        Screen("a link of a mail", world.links["mail"]),
        Screen("a link of a mail, done", world.links["mail"], press="form.form .main"),
        Screen("a link of a mail that does nothing", "/bell/mail/x", signed_in=False, status=410),
        Screen("journal", "/journal/"),
        Screen("not for you", "/settings/users/", is_member=True, status=403),
        Screen("not found", "/no/such/page", status=404),
    ]


def forms(world: World) -> list[Screen]:
    clash = {"#f-name": "A", "#f-emails": "bruno@fjordlink.example"}
    bruno = f"{PEOPLE}{world.bruno.pk}/edit/"
    return [
        Screen("new person", f"{PEOPLE}new"),
        Screen("new person, problems", f"{PEOPLE}new", fills={"#f-name": "A", "#f-phones": "12"}, press=CREATE),
        Screen("new person, clash", f"{PEOPLE}new", fills=clash, press=CREATE),
        Screen("new company with a field of each kind", "/companies/new"),
        Screen("move a card", f"{PEOPLE}{world.bruno.pk}/move/stage?layout=board"),
        Screen("one field", f"{bruno}emails"),
        Screen("one field, refused", f"{bruno}emails", fills={"#f-emails": "nothing"}, press="form.cell .main"),
        Screen("one field, addresses", f"{bruno}addresses"),
        Screen("one field, relation", f"{bruno}company"),
        Screen("one field, file", f"{bruno}x_contract"),
    ]


def in_bulk(world: World) -> list[Screen]:
    edit, look = f"{PEOPLE}bulk/edit?all=1", ".bulk .buttons [name='bulk.preview']"
    filled = {"#f-source": "Letter", "#f-tags": "ice"}
    every = "&".join(f"field={one.slug}" for one in record_type("companies").all_fields())
    runs = [Screen(f"bulk edit, {state}", f"/bulk/{run.pk}/") for state, run in world.runs.items()]
    return [
        Screen("bulk edit", f"{edit}&where=stage = lead"),
        Screen("bulk edit, preview", f"{edit}&field=source&field=tags", fills=filled, press=look),
        Screen("bulk edit, problems", f"{edit}&field=source&field=phones", fills={"#f-phones": "12"}, press=look),
        Screen("bulk edit of a field of each kind", f"/companies/bulk/edit?all=1&{every}"),
        Screen("bulk delete", f"{PEOPLE}bulk/delete?all=1"),
        Screen("bulk restore", f"{PEOPLE}bulk/restore?all=1&deleted=1"),
        *runs,
    ]


def twins(world: World) -> list[Screen]:
    merge, alone = f"{PEOPLE}merge", f"{PEOPLE}merge?ids={world.amara.pk}"
    return [
        Screen("duplicates", "/duplicates/people/"),
        Screen("duplicates, none yet", "/duplicates/companies/"),
        Screen("merge", f"{alone},{world.bruno.pk}"),
        Screen("merge, one and a search", f"{alone}&q=bruno"),
        Screen("merge, nothing", merge),
        Screen("merge, something is gone", f"{alone},{world.bruno.pk},{world.gone.pk}"),
        Screen("un-merge", f"{PEOPLE}{world.merge.survivor}/merges/{world.merge.pk}/"),
        Screen("record that others were merged into", f"{PEOPLE}{world.merge.survivor}/"),
    ]
