"""The policy: one row for each route. A route without a row fails the build.

Alice is a member, Bob is on her team and reaches what it owns, Charlie is a stranger whose role reaches only his own
and hides phones, Dana is an administrator, Eve is signed out. What a row says is in `rules.py`.
"""

from dataclasses import replace

from tests.trust.rules import Rule, admins, anybody, own, page, posted_only, read_only, records, signed_in

Rows = dict[str, dict[str, Rule]]

DOOR: Rows = {
    "account_login": {"GET": signed_in("302", eve="200"), "POST": signed_in("302", eve="200")},
    "mfa_authenticate": page(signed_in("302", eve="302")),
    "mfa_login_webauthn": page(signed_in("302", eve="302")),
    "account_logout": {"GET": signed_in("200", eve="302"), "POST": signed_in("302", eve="302")},
    "account_reset_password": page(anybody("200")),
    "account_reset_password_done": {"GET": anybody("200"), "POST": anybody("405")},
    "account_reset_password_from_key": page(anybody("200")),
    "account_change_password": page(signed_in("302")),
    "account_set_password": page(signed_in("200"), posted=signed_in("302 wrote")),
    "accounts:link": page(anybody("410")),
    "web:healthz": {"GET": anybody("200"), "POST": anybody("405")},
}

OWN: Rows = {
    "accounts:profile": page(signed_in("200"), posted=signed_in("302 wrote")),
    "accounts:theme": posted_only(signed_in("302 wrote")),
    "accounts:tokens": page(signed_in("200"), posted=signed_in("200 wrote")),
    "accounts:revoke_token": posted_only(own("302 wrote")),
    "accounts:sign_in": read_only(signed_in("200")),
    "accounts:add_app": page(signed_in("200"), posted=signed_in("302")),
    "accounts:remove_app": posted_only(signed_in("404")),
    "accounts:renew_codes": posted_only(signed_in("200 wrote")),
    "accounts:add_passkey": page(signed_in("200"), posted=signed_in("422")),
    "accounts:making_passkey": read_only(signed_in("200")),
    "accounts:using_passkey": read_only(signed_in("200")),
    "accounts:passkey": page(own("200"), posted=own("302")),
    "accounts:remove_passkey": posted_only(own("302 wrote")),
    "accounts:places": read_only(signed_in("200")),
    "accounts:end_place": posted_only(own("302 wrote")),
    "accounts:end_other_places": posted_only(signed_in("302 wrote")),
    "accounts:bell": read_only(signed_in("200")),
    # Whose conversations these are, and what is said in them, stands in the tests of the room.
    # It was not said where; who is seen where stands in the tests of the room.
    "collaboration:here": posted_only(signed_in("404")),
    "collaboration:offers": read_only(signed_in("200")),
    "collaboration:conversations": read_only(signed_in("200")),
    "collaboration:new-conversation": page(signed_in("200"), posted=signed_in("302 wrote")),
    "collaboration:conversation": read_only(own("200")),
    "collaboration:leave": posted_only(own("302")),
    "collaboration:assign": page(own("200"), posted=own("302 wrote")),
    "collaboration:edit-comment": page(own("200"), posted=own("302 wrote")),
    "collaboration:delete-comment": posted_only(own("302 wrote")),
    "accounts:bell_deed": posted_only(signed_in("302")),
    "accounts:mail_link": page(anybody("410")),
    "accounts:notification_settings": page(signed_in("200"), posted=signed_in("302 wrote")),
    "accounts:my_teams": page(signed_in("200"), posted=signed_in("302 wrote")),
    "accounts:team": page(own("200", admin="200"), posted=own("302 wrote", admin="302 wrote")),
    "accounts:team_deed": posted_only(own("302 wrote", admin="302 wrote")),
    "accounts:team_member": posted_only(own("302 wrote", admin="302 wrote")),
    "files:file": read_only(own("302")),
    "files:content": {"GET": anybody("404"), "POST": anybody("405")},
}

SETTINGS: Rows = {
    "accounts:users": {"GET": admins("200"), "POST": signed_in("405")},
    "accounts:invite": posted_only(admins("200 wrote")),
    "accounts:change_role": posted_only(admins("302 wrote", themselves="302")),
    "accounts:make_link": posted_only(admins("200 wrote")),
    "accounts:deactivate": posted_only(admins("302 wrote", themselves="302")),
    "accounts:reactivate": posted_only(admins("302")),
    "accounts:access": read_only(admins("200")),
    "accounts:view_as": posted_only(admins("302 wrote", themselves="302")),
    "accounts:audits": read_only(admins("200")),
    "accounts:audit": read_only(admins("200")),
    "accounts:audit_file": read_only(admins("200")),
    "accounts:make_audit": posted_only(admins("302")),
    "accounts:view_as_oneself": posted_only(signed_in("302")),
    "accounts:sign_in_rules": page(admins("200"), posted=admins("302 wrote")),
    "accounts:take_second_factor": posted_only(admins("302 wrote")),
    "accounts:teams": page(admins("200"), posted=admins("302 wrote")),
    "web:organisation": page(admins("200"), posted=admins("302 wrote")),
    "web:fields": read_only(admins("302")),
    "web:fields-of": read_only(admins("200")),
    "web:new-field": page(admins("200"), posted=admins("302 wrote")),
    "web:roll-up": read_only(admins("200")),
    "web:try-formula": read_only(admins("200")),
    "web:formula-complete": read_only(admins("200")),
    "web:custom-field": page(admins("200"), posted=admins("302 wrote")),
    "web:custom-field-options": posted_only(admins("302 wrote")),
    "web:custom-field-deed": posted_only(admins("302 wrote")),
    "web:built-in-field": read_only(admins("200")),
    "web:field-by-slug": read_only(admins("404")),
    "web:field-rule": page(admins("200"), posted=admins("302 wrote")),
    "web:field-rule-complete": read_only(admins("200")),
    "web:remove-field-rule": posted_only(admins("404")),
    "web:roles": read_only(admins("200")),
    "web:new-role": page(admins("200"), posted=admins("302 wrote")),
    "web:role": page(admins("200"), posted=admins("302 wrote")),
    "web:delete-role": posted_only(admins("302")),
    "web:role-complete": read_only(admins("200")),
    "web:quality-rules": read_only(admins("200")),
    "web:new-quality-rule": page(admins("200"), posted=admins("302 wrote")),
    "web:quality-rule": page(admins("404")),
    "web:switch-quality-rule": posted_only(admins("404")),
    "web:delete-quality-rule": posted_only(admins("404")),
    "web:quality-rule-complete": read_only(admins("200")),
    "web:layout": read_only(admins("302")),
    "web:layout-of": page(admins("200"), posted=admins("302 wrote")),
    "web:reset-layout": posted_only(admins("302")),
    "web:jobs": read_only(admins("200")),
    "web:retry-job": posted_only(admins("302")),
    "web:cancel-job": posted_only(admins("302")),
    "web:reactions": read_only(admins("200")),
    "web:try-parked": posted_only(admins("302")),
    "web:leave-out-parked": posted_only(admins("302")),
    "web:mail": page(admins("200"), posted=admins("422")),
    "web:remove-mail": posted_only(admins("302")),
    "web:test-mail": posted_only(admins("302")),
    "web:outbox": read_only(admins("200")),
    "web:hand-over-all": posted_only(admins("302")),
    "web:hold-all": posted_only(admins("302")),
    "web:hand-over": posted_only(admins("302")),
    "web:hold": posted_only(admins("302")),
}

# Whoever began an import, and administrators. Runs are machinery; their steps change no record before they run.
IMPORTS: Rows = {
    "web:imports": read_only(signed_in("200")),
    "web:import-send": page(signed_in("200"), posted=signed_in("422")),
    "web:paste": page(signed_in("200"), posted=signed_in("422")),
    "web:import-file": page(own("200", admin="200"), posted=own("302", admin="302")),
    "web:import-columns": page(own("200", admin="200"), posted=own("302", admin="302")),
    "web:import-refused": read_only(own("200", admin="200")),
    **{f"web:import-{step}": page(own("302", admin="302")) for step in ("check", "rows", "preview")},
    **{f"web:import-{step}": read_only(own("302", admin="302")) for step in ("run", "result", "alike")},
    "web:import-drop": posted_only(own("302", admin="302")),
    "web:import-steer": posted_only(own("302", admin="302")),
    "web:export": read_only(signed_in("200 wrote")),
}
# An address that names no records leads back to the list. A run is for whoever asked for it, and administrators.
BULK: Rows = {
    "web:bulk": page(signed_in("302"), posted=records("302 wrote", "302", foreign="302")),
    "web:bulk-run": read_only(own("200", admin="200")),
    "web:bulk-refused": read_only(own("200", admin="200")),
    "web:bulk-steer": posted_only(own("302", admin="302")),
}
# Reading that the journal tells of, because it takes data out of the house.
TOLD_OF = frozenset({"web:export", "web:chart-numbers"})

RECORDS: Rows = {
    "web:home": read_only(signed_in("302")),
    "web:list": read_only(signed_in("200")),
    "web:filter": read_only(signed_in("200")),
    "web:filter-complete": read_only(signed_in("200")),
    "web:count": read_only(signed_in("200")),
    "web:lane": read_only(signed_in("404")),
    "web:chart-numbers": read_only(signed_in("200 wrote")),
    "web:totals": read_only(signed_in("302")),
    "web:group": read_only(signed_in("302")),
    "web:lookup": read_only(signed_in("200")),
    "web:search": read_only(signed_in("200")),
    "web:journal": read_only(signed_in("200")),
    "web:save-view": posted_only(signed_in("302 wrote")),
    "web:view": read_only(own("302")),
    "web:change-view": posted_only(own("302 wrote")),
    "web:view-deed": posted_only(own("302 wrote")),
    "web:create": page(signed_in("200"), posted=signed_in("302 wrote")),
    "web:create-rules": posted_only(signed_in("200")),
    "web:record": read_only(records("200", "200")),
    "web:timeline": read_only(records("200", "200")),
    "web:field": read_only(records("200", "200")),
    "web:edit": page(records("200", "404"), posted=records("302 wrote", "404")),
    "web:move": page(records("200", "404"), posted=records("302 wrote", "404")),
    "web:delete": posted_only(records("302 wrote", "302")),
    # What is merged, and taken apart, by whom, stands in the tests of these pages.
    "web:merge": page(signed_in("200"), posted=signed_in("302")),
    "web:unmerge": page(signed_in("404"), posted=signed_in("404")),
    "web:all-duplicates": read_only(signed_in("302")),
    "web:duplicates": read_only(signed_in("200")),
    "web:not-same": posted_only(records("302 wrote", "403", foreign="403")),
    "web:merge-suggested": posted_only(signed_in("302")),
    "web:look-again": posted_only(admins("302")),
    "web:merge-automatic": posted_only(admins("302 wrote")),
    "web:share": page(records("200", "404"), posted=records("302 wrote", "404")),
    "web:change-share": posted_only(records("302 wrote", "404")),
    "web:end-share": posted_only(records("302 wrote", "404")),
    "web:quality": read_only(signed_in("200")),
    "web:quality-of": read_only(signed_in("200")),
    "web:confirm": posted_only(records("302 wrote", "404")),
    "web:why": read_only(records("200", "200")),
    "web:restore": posted_only(records("302", "302 wrote")),
    "web:undo": posted_only(own("302 wrote", others="403", admin="302 wrote")),
    # Nobody has asked to take this batch back. Who sees how far that is stands in the tests of the page.
    "web:undoing": read_only(signed_in("404")),
    "collaboration:follow": posted_only(records("302 wrote", "404")),
    "collaboration:talk": read_only(records("200", "200")),
    "collaboration:write-comment": posted_only(records("302 wrote", "404")),
    "activities:write-note": posted_only(records("302 wrote", "302")),
    "activities:delete-note": posted_only(records("302 wrote", "404")),
}

# What stands on records follows them; here it stands on one that is alive.
TOGETHER: Rows = {
    "collaboration:files": page(records("200", "200"), posted=records("302 wrote", "302")),
    "collaboration:rename-file": posted_only(records("302 wrote", "302 wrote")),
    "collaboration:delete-file": posted_only(records("302 wrote", "302 wrote")),
    "activities:my-tasks": read_only(signed_in("200")),
    "activities:add-task": posted_only(records("302 wrote", "302")),
    "activities:finish-task": posted_only(records("302 wrote", "302 wrote")),
    "activities:reopen-task": posted_only(records("302", "302")),
    "activities:delete-task": posted_only(records("302 wrote", "302 wrote")),
}
# Workspaces go by their members, whatever the role.
TOGETHER |= {
    "collaboration:call-rules": page(admins("200"), posted=admins("302 wrote")),
    "collaboration:start-call": posted_only(records("302 wrote", "404")),
    "collaboration:call": read_only(records("200", "200")),
    "collaboration:pin": page(records("200", "404"), posted=records("302 wrote", "404")),
    "collaboration:pin-view": page(own("200"), posted=own("302 wrote")),
    "collaboration:pin-deed": posted_only(own("302 wrote")),
    "collaboration:new-page": posted_only(own("302 wrote")),
    "collaboration:page": page(own("200"), posted=own("302 wrote")),
    "collaboration:page-history": read_only(own("200")),
    "collaboration:bring-page-back": posted_only(own("404")),
    "collaboration:delete-page": posted_only(own("302 wrote")),
}

PAGES: Rows = {**DOOR, **OWN, **SETTINGS, **IMPORTS, **BULK, **RECORDS, **TOGETHER}

# What changes who may do what: a session that has not shown who is there for a while is asked first.
SENSITIVE = {
    *(
        f"accounts:{name}"
        for name in ("add_app", "remove_app", "renew_codes", "add_passkey", "making_passkey", "passkey")
    ),
    *(f"accounts:{name}" for name in ("remove_passkey", "tokens", "invite", "change_role", "make_link")),
    *(f"accounts:{name}" for name in ("deactivate", "reactivate", "view_as", "sign_in_rules", "take_second_factor")),
    "account_set_password",
    "web:new-role",
    "web:role",
    "web:delete-role",
    "web:mail",
    "web:remove-mail",
}

# What whoever sees a record may do, though they may not change it: nothing of the record itself is written.
FOR_READERS = frozenset(
    {
        "POST collaboration:write-comment", "POST collaboration:start-call", "POST collaboration:pin",
        "POST collaboration:follow", "PUT api:follow",
    }
)  # fmt: skip

SIGNED_OUT = "401"
# Whose record it is hears of it unless they say otherwise; for the others there is nothing to write.
QUIET = records("204", "404", eve=SIGNED_OUT)
OWN_WORD = {"own": "204 wrote"}
STOPPED = replace(QUIET, alice=QUIET.alice | OWN_WORD, charlie=QUIET.charlie | OWN_WORD, dana=QUIET.dana | OWN_WORD)
API: Rows = {
    "api:root": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:openapi": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:nowhere": {"GET": anybody("404")},
    "api:undo": {
        "GET": signed_in("404", eve=SIGNED_OUT),
        "POST": own("200 wrote", others="403", admin="200 wrote", eve=SIGNED_OUT),
    },
    "api:fields": {"GET": signed_in("200", eve=SIGNED_OUT), "POST": admins("201 wrote", eve=SIGNED_OUT)},
    "api:field": {
        "GET": signed_in("200", eve=SIGNED_OUT),
        "PATCH": admins("200 wrote", eve=SIGNED_OUT),
        "DELETE": admins("204 wrote", eve=SIGNED_OUT),
    },
    "api:views": {"GET": signed_in("200", eve=SIGNED_OUT), "POST": signed_in("201 wrote", eve=SIGNED_OUT)},
    "api:view": {
        "GET": own("200", eve=SIGNED_OUT),
        "PATCH": own("200 wrote", eve=SIGNED_OUT),
        "DELETE": own("204 wrote", eve=SIGNED_OUT),
    },
    "api:restore-view": {"POST": own("200", eve=SIGNED_OUT)},
    "api:field-rules": {"GET": signed_in("200", eve=SIGNED_OUT), "POST": admins("201 wrote", eve=SIGNED_OUT)},
    "api:field-rule": {
        "GET": signed_in("404", eve=SIGNED_OUT),
        "PATCH": admins("404", eve=SIGNED_OUT),
        "DELETE": admins("404", eve=SIGNED_OUT),
    },
    "api:audit-reports": {"GET": admins("200", eve=SIGNED_OUT)},
    "api:audit-report": {"GET": admins("200", eve=SIGNED_OUT)},
    "api:quality": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:quality-rules": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:confirm": {"POST": records("200 wrote", "404", eve=SIGNED_OUT)},
    "api:roles": {"GET": admins("200", eve=SIGNED_OUT)},
    "api:role": {"GET": admins("200", eve=SIGNED_OUT)},
    "api:notifications": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:notification": {"PATCH": own("200", eve=SIGNED_OUT)},
    "api:notifications-done": {"POST": signed_in("200", eve=SIGNED_OUT)},
    "api:notification-settings": {
        "GET": signed_in("200", eve=SIGNED_OUT),
        "PUT": signed_in("200 wrote", eve=SIGNED_OUT),
    },
    "api:teams": {"GET": admins("200", eve=SIGNED_OUT)},
    "api:search": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:files": {"POST": signed_in("400", eve=SIGNED_OUT)},
    "api:file": {"GET": own("200", eve=SIGNED_OUT)},
    "api:imports": {"POST": signed_in("400", eve=SIGNED_OUT)},
    "api:import": {"GET": own("200", admin="200", eve=SIGNED_OUT)},
    "api:steer-import": {"POST": own("202", admin="202", eve=SIGNED_OUT)},
    "api:bulk": {"POST": records("200 wrote", "200", foreign="200", eve=SIGNED_OUT)},
    "api:bulk-run": {"GET": own("200", admin="200", eve=SIGNED_OUT)},
    "api:steer-bulk": {"POST": own("422", admin="422", eve=SIGNED_OUT)},
    "api:restore-field": {"POST": admins("200", eve=SIGNED_OUT)},
    "api:records": {"GET": signed_in("200", eve=SIGNED_OUT), "POST": signed_in("201 wrote", eve=SIGNED_OUT)},
    "api:batch": {"POST": records("200 wrote", "200", foreign="200", eve=SIGNED_OUT)},
    "api:record": {
        "GET": records("200", "404", eve=SIGNED_OUT),
        "PATCH": records("200 wrote", "404", eve=SIGNED_OUT),
        "DELETE": records("204 wrote", "404", eve=SIGNED_OUT),
    },
    "api:shares": {
        "GET": records("200", "404", eve=SIGNED_OUT),
        "POST": records("201 wrote", "404", eve=SIGNED_OUT),
    },
    "api:share": {
        "GET": records("200", "404", eve=SIGNED_OUT),
        "PATCH": records("200 wrote", "404", eve=SIGNED_OUT),
        "DELETE": records("204 wrote", "404", eve=SIGNED_OUT),
    },
    "api:follow": {
        "GET": records("200", "404", eve=SIGNED_OUT),
        "PUT": records("200 wrote", "404", eve=SIGNED_OUT),
        "DELETE": STOPPED,
    },
    # Merged with another of one's own; the other address names no merge.
    "api:duplicates": {"GET": signed_in("200", eve=SIGNED_OUT)},
    "api:not-same": {"POST": records("200 wrote", "403", foreign="403", eve=SIGNED_OUT)},
    "api:merge": {"POST": records("200 wrote", "422", foreign="422", eve=SIGNED_OUT)},
    "api:merges": {"GET": records("200", "200", eve=SIGNED_OUT)},
    "api:unmerge": {"POST": signed_in("404", eve=SIGNED_OUT)},
    "api:restore": {"POST": records("200", "200 wrote", eve=SIGNED_OUT)},
}

# A child's new row stands or falls with the record it is about.
NEW_CHILD = records("201 wrote", "422", foreign="422", eve=SIGNED_OUT)

# A child is shared with its parent, never by itself, and is not judged by itself either.
NOT_SHARED = signed_in("404", eve=SIGNED_OUT)

# A child follows its parent, and is never merged by itself.
CHILDREN_FOLLOW = {
    "api:merge": signed_in("422", eve=SIGNED_OUT),
    "api:merges": signed_in("404", eve=SIGNED_OUT),
    "api:duplicates": signed_in("404", eve=SIGNED_OUT),
    "api:not-same": signed_in("404", eve=SIGNED_OUT),
}

POLICY: Rows = {**PAGES, **API}


def rule_for(route: str, method: str, slug: str) -> Rule:
    if (route, method) == ("api:records", "POST") and slug in ("notes", "memberships"):
        return NEW_CHILD
    if route in CHILDREN_FOLLOW and slug in ("notes", "memberships"):
        return CHILDREN_FOLLOW[route]
    if route in ("api:shares", "api:share", "api:confirm", "api:follow") and slug in ("notes", "memberships"):
        return NOT_SHARED
    return POLICY[route][method]
