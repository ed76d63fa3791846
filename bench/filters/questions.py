"""Twenty filters, and SQL as somebody who knows the tables well would write it for each.

`p` is the person. Where one way is best for the first page and another for counting everybody, both stand here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    filter: str
    by_hand: tuple[str, ...]


JOBS = "SELECT FROM membership m WHERE m.person_id = p.id AND m.deleted_at IS NULL"
TITLE = "SELECT m.title FROM membership m WHERE m.person_id = p.id AND m.deleted_at IS NULL"
JOBS_BY_PERSON = "SELECT m.person_id FROM membership m WHERE m.deleted_at IS NULL"
PLACES = """SELECT m.person_id FROM membership m JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
    WHERE m."primary" AND m.deleted_at IS NULL"""
NEWER = """SELECT FROM membership n WHERE n.person_id = m.person_id AND n.deleted_at IS NULL
    AND (n.created_at, n.id) > (m.created_at, m.id)"""
LARGE = """SELECT m.company_id FROM membership m JOIN person q ON q.id = m.person_id AND q.deleted_at IS NULL
    WHERE m."primary" AND m.deleted_at IS NULL GROUP BY m.company_id HAVING count(*) >= 10"""
STAFF = """SELECT count(*) FROM membership o JOIN person q ON q.id = o.person_id AND q.deleted_at IS NULL
    WHERE o.company_id = c.id AND o."primary" AND o.deleted_at IS NULL"""
BELOW = """WITH RECURSIVE below(id) AS (SELECT id FROM company WHERE name_fold = %(group)s AND deleted_at IS NULL
    UNION SELECT c.id FROM company c JOIN below b ON c.parent_id = b.id) SELECT id FROM below"""
NOTES_BY_PERSON = """SELECT n.about_id FROM note n WHERE n.about_type = 'people' AND n.deleted_at IS NULL
    AND n.text ILIKE '%%catalogue%%'"""
OWN = "FROM journal j WHERE j.kind = 'changed' AND j.about_type = 'customers.person'"
STAGES = """SELECT j.about_id FROM journal j JOIN journal_payload y ON y.entry_id = j.id AND y.at = j.at
    WHERE j.kind = 'changed' AND j.about_type = 'customers.person' AND y.after ? 'stage'
    AND j.at >= %({0})s AND y.at >= %({0})s"""
STAGES_BY_ID = STAGES.replace(" AND y.at = j.at", "")
NOTED = """SELECT s.subject_id FROM journal j JOIN journal_subject s ON s.entry_id = j.id AND s.at = j.at
    JOIN note n ON n.id = j.about_id AND n.deleted_at IS NULL
    WHERE j.kind = 'created' AND j.about_type = 'activities.note' AND s.type = 'customers.person'
    AND j.at >= %({0})s AND j.at < %(end)s AND s.at >= %({0})s AND s.at < %(end)s"""

OF_PEOPLE = (
    Question("country in (NO, SE) and stage = customer", ("p.country IN ('NO', 'SE') AND p.stage = 'customer'",)),
    Question(
        "owner = me and stage in (lead, qualified)", ("p.owner_id = %(me)s AND p.stage IN ('lead', 'qualified')",)
    ),
    Question('name ~ "berg"', ("p.name_fold LIKE '%%berg%%'",)),
    Question('created_at > -90d and tags = "vip"', ("p.created_at >= %(d90)s AND p.tags @> '{vip}'",)),
    Question("phones is empty and country = DE", ("p.phones = '[]' AND p.country = 'DE'",)),
    Question(
        'not (stage = customer or tags = "newsletter") and source ~ "fair"',
        ("p.stage <> 'customer' AND NOT p.tags && '{newsletter}' AND p.source ILIKE '%%fair%%'",),
    ),
    Question(
        "company.industry = hospitality and company.size > 100",
        (f"p.id IN ({PLACES} AND c.industry = 'hospitality' AND c.size > 100)",),
    ),
)
OF_OTHERS = (
    Question(
        "count(memberships) > 1",
        (f"p.id IN ({JOBS_BY_PERSON} GROUP BY 1 HAVING count(*) > 1)", f"EXISTS ({JOBS} OFFSET 1)"),
    ),
    Question("count(memberships where primary = true) = 0", (f'NOT EXISTS ({JOBS} AND m."primary")',)),
    Question(
        "stage = lead and count(memberships where primary = false) >= 2",
        (
            f"""p.stage = 'lead' AND p.id IN ({JOBS_BY_PERSON} AND NOT m."primary" GROUP BY 1 HAVING count(*) >= 2)""",
            f"""p.stage = 'lead' AND EXISTS ({JOBS} AND NOT m."primary" OFFSET 1)""",
        ),
    ),
    Question("max(memberships.since) >= 2021-06-01", (f"EXISTS ({JOBS} AND m.since >= '2021-06-01')",)),
    Question(
        'last(memberships.title) ~ "buyer"',
        (
            f"EXISTS ({JOBS} AND m.title ILIKE '%%buyer%%' AND NOT EXISTS ({NEWER}))",
            f"({TITLE} ORDER BY m.created_at DESC, m.id DESC LIMIT 1) ILIKE '%%buyer%%'",
        ),
    ),
    Question(
        "count(company.people) >= 10",
        (f"p.id IN ({PLACES} AND c.id IN ({LARGE}))", f"EXISTS ({PLACES} AND m.person_id = p.id AND ({STAFF}) >= 10)"),
    ),
    Question('company under "{group}"', (f"p.id IN ({PLACES} AND c.id IN ({BELOW}))",)),
    Question(
        'count(notes where text ~ "catalogue") > 1',
        (
            f"p.id IN ({NOTES_BY_PERSON} GROUP BY 1 HAVING count(*) > 1)",
            f"EXISTS ({NOTES_BY_PERSON} AND n.about_id = p.id OFFSET 1)",
        ),
    ),
)
OF_THE_JOURNAL = (
    Question(
        'did("notes.created", 30d, 2 where by = me)',
        (f"p.id IN ({NOTED.format('d30')} AND j.user_id = %(me)s GROUP BY 1 HAVING count(*) >= 2)",),
    ),
    Question(
        'did("changed", 90d, 5)',
        (
            f"p.id IN (SELECT j.about_id {OWN} AND j.at >= %(d90)s AND j.at < %(end)s GROUP BY 1 HAVING count(*) >= 5)",
            f"EXISTS (SELECT {OWN} AND j.about_id = p.id AND j.at >= %(d90)s AND j.at < %(end)s OFFSET 4)",
        ),
    ),
    Question(
        "changed(stage, 30d)",
        (
            f"p.id IN ({STAGES.format('d30')} AND j.at < %(end)s AND y.at < %(end)s)",
            f"p.id IN ({STAGES_BY_ID.format('d30')} AND j.at < %(end)s AND y.at < %(end)s)",
        ),
    ),
    Question(
        "stage held 14d",
        (f"p.created_at < %(d14)s AND NOT EXISTS ({STAGES.format('d14')} AND j.about_id = p.id)",),
    ),
    Question(
        'stage = lead and stage held 180d and did("notes.created", 365d)',
        (
            f"""p.stage = 'lead' AND p.id IN ({NOTED.format("d365")})
            AND p.created_at < %(d180)s AND NOT EXISTS ({STAGES.format("d180")} AND j.about_id = p.id)""",
        ),
    ),
)
QUESTIONS = (*OF_PEOPLE, *OF_OTHERS, *OF_THE_JOURNAL)
