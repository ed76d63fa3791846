"""What administrators set and watch, and what everybody sets for themselves."""

from rapport.engine.records.quality.built_in import id_of
from tests.stories.screens.furnishing import World
from tests.stories.screens.screen import Screen

FIELDS = "/settings/fields/people/"
SAVE = "main form.form .main"


def in_settings(world: World) -> list[Screen]:
    return [*people_here(world), *access(world), *fields(world), *quality(world), *machinery(), *audits(world)]


def people_here(world: World) -> list[Screen]:
    return [
        Screen("users", "/settings/users/"),
        Screen(
            "user invited", "/settings/users/", fills={"#id_email": "h@x.example"}, press="form[action$=invite] button"
        ),
        Screen("user not invited", "/settings/users/", fills={"#id_email": "no"}, press="form[action$=invite] button"),
        Screen("what a user may see", f"/settings/users/{world.people['olga'].pk}/access"),
        Screen("tokens", "/settings/tokens/"),
        Screen("token made", "/settings/tokens/", fills={"#id_name": "Program"}, press=SAVE),
        Screen("account", "/settings/account/"),
        Screen("account, problems", "/settings/account/", fills={"#id_name": ""}, press=SAVE),
        Screen("notification settings", "/settings/notifications/"),
        Screen(
            "notification settings, problems",
            "/settings/notifications/",
            fills={"#id_quiet_from": "22:00"},
            press=SAVE,
        ),
        *signing_in(world),
        Screen("choose a password", "/settings/password/first/"),
        Screen(
            "choose a password, problems", "/settings/password/first/", fills={"#id_password1": "x"}, press="form .main"
        ),
        Screen("sign out", "/sign-out/"),
        Screen("organisation", "/settings/organisation/"),
        Screen("organisation, problems", "/settings/organisation/", fills={"#id_name": ""}, press=SAVE),
    ]


def signing_in(world: World) -> list[Screen]:
    own = "/settings/sign-in/"
    return [
        Screen("signing in", own),
        Screen("signing in, with nothing yet", own, is_member=True),
        Screen("an app", f"{own}app", is_member=True),
        Screen("an app, wrong code", f"{own}app", fills={"#id_code": "x"}, press=SAVE, is_member=True),
        Screen("a passkey", f"{own}passkeys/new"),
        Screen("name of a passkey", f"{own}passkeys/{world.passkey}"),
        Screen("recovery codes", own, press="form[action$=codes] button"),
        Screen("where one is signed in", "/settings/sessions/"),
        Screen("rules of signing in", "/settings/users/rules"),
    ]


def access(world: World) -> list[Screen]:
    roles, all_teams = "/settings/roles/", "/settings/teams/"
    tree, time = (f"/teams/{world.teams[name].pk}/" for name in ("tree", "time"))
    see = "form.role .main"
    return [
        Screen("roles", roles),
        Screen("new role", f"{roles}new"),
        Screen("new role, problems", f"{roles}new", press="form.form .main"),
        Screen("role", f"{roles}scout/"),
        Screen("role, problems", f"{roles}scout/", fills={"#t-people-read-where": "stag = lead"}, press=see),
        Screen("role, without a name", f"{roles}scout/", fills={"#f-name": ""}, press=see),
        Screen("role of administrators", f"{roles}admin/"),
        Screen("whom a role affects", f"{roles}member/", press=see),
        Screen("teams", all_teams),
        Screen("teams, problems", all_teams, press="form.form .main"),
        Screen("team of the tree", tree),
        Screen("team of the tree, problems", tree, fills={"#f-name": ""}, press="form.form:has(#f-name) .main"),
        Screen("team for a time", time),
        Screen("team for a time, as a member sees it", time, is_member=True),
        Screen("my teams", "/teams/"),
        Screen("my teams, problems", "/teams/", press="form.form .main"),
        Screen("my teams, as a member", "/teams/", is_member=True),
    ]


def quality(world: World) -> list[Screen]:
    rules, save = "/settings/quality/", "form.judges .main"
    old = f"all=1&where=in failing({id_of('people', 'phone-fresh')})&field=phones"
    return [
        Screen("quality", "/quality/"),
        Screen("quality of people", "/quality/people/"),
        Screen("quality of people, as a member", "/quality/people/", is_member=True),
        Screen("quality by owner", "/quality/people/?part=owners"),
        Screen("quality rules", rules),
        Screen("new quality rule", f"{rules}people/new"),
        Screen("new quality rule, problems", f"{rules}people/new", press=save),
        Screen("quality rule", f"{rules}people/{world.rule.pk}/"),
        Screen("quality rule, seen beforehand", f"{rules}people/{world.rule.pk}/", press="form.judges [name=preview]"),
        Screen("quality rule, fresh", f"{rules}people/{id_of('people', 'phone-fresh')}/"),
        Screen("confirm in bulk", f"/people/bulk/confirm?{old}"),
        Screen("list, what fails", '/people/?where=in failing("Has a company")&columns=name,quality&order=quality'),
        Screen("record, old", f"/people/{world.people['old'].pk}/"),
    ]


def fields(world: World) -> list[Screen]:
    return [
        Screen("fields", FIELDS),
        Screen("fields of companies", "/settings/fields/companies/"),
        Screen("new field", f"{FIELDS}new"),
        Screen("new field of a kind", f"{FIELDS}new?type=choice"),
        Screen("new formula", f"{FIELDS}new?type=formula"),
        Screen("new formula, problems", f"{FIELDS}new?type=formula", press="form.form .main"),
        Screen("roll-up", f"{FIELDS}roll-up"),
        Screen("new field, problems", f"{FIELDS}new?type=relation", press="form.form .main"),
        Screen("field", f"{FIELDS}{world.fields['choice'].pk}/"),
        Screen("field, formula", f"/settings/fields/companies/{world.fields['formula'].pk}/"),
        Screen("field, file", f"{FIELDS}{world.fields['file'].pk}/"),
        Screen(
            "field, problems", f"{FIELDS}{world.fields['file'].pk}/", fills={"#f-label": ""}, press="form.form .main"
        ),
        Screen("field, in use", f"{FIELDS}{world.fields['choice'].pk}/", press="header form[action$=delete] button"),
        Screen("built-in field", f"{FIELDS}built-in/source/"),
        Screen("rule", f"{FIELDS}rules/source/required"),
        Screen("new rule", f"{FIELDS}rules/birthday/visible"),
        Screen("new rule, problems", f"{FIELDS}rules/birthday/visible?where=company.size+%3E+3"),
        Screen("layout", "/settings/layout/people/member/"),
        Screen("layout, seen beforehand", f"/people/{world.amara.pk}/?as=member"),
        Screen("field, deleted", f"{FIELDS}{world.fields['deleted'].pk}/"),
    ]


def audits(world: World) -> list[Screen]:
    return [
        Screen("audit", "/settings/audit/"),
        Screen("audit, an earlier one", f"/settings/audit/{world.audits[0].pk}/"),
        Screen("audit, being made", "/settings/audit/", press="form[action$=make] button"),
    ]


def machinery() -> list[Screen]:
    mail = "/settings/mail/"
    return [
        Screen("mail server", mail),
        Screen("mail server, problems", mail, fills={"#id_host": "", "#id_port": "70000"}, press=SAVE),
        Screen("outbox", "/outbox/"),
        Screen("outbox, not sent", "/outbox/?state=not_sent"),
        Screen("outbox, unknown", "/outbox/?state=unknown"),
        Screen("jobs", "/jobs/"),
        Screen("jobs, failed", "/jobs/?state=failed"),
        Screen("reactions", "/jobs/reactions/"),
    ]
