"""The few shapes that a row of the policy can have: who gets what, by whose thing it is."""

from dataclasses import dataclass, field

from tests.trust.world import TARGETS

NO_METHOD = "405"


@dataclass(frozen=True)
class Rule:
    """What comes of a request: status, `sign-in` for the way to the door; `wrote` where rows change."""

    eve: str
    alice: dict[str, str]
    charlie: dict[str, str]
    dana: dict[str, str]
    # What comes of it for Bob where he means Alice's: he reaches her records, and nothing else of hers.
    team: dict[str, str] = field(default_factory=dict)

    def expected(self, who: str, target: str) -> str:
        if who == "bob":
            return self.team.get(target) or self.charlie[target.replace("team", "other")]
        return self.eve if who == "eve" else str(getattr(self, who)[target])


def anybody(outcome: str) -> Rule:
    """Whoever asks gets the same."""
    return Rule(outcome, always(outcome), always(outcome), always(outcome))


def signed_in(outcome: str, *, eve: str = "sign-in") -> Rule:
    """Every role gets the same."""
    return Rule(eve, always(outcome), always(outcome), always(outcome))


def admins(outcome: str, *, themselves: str = "", eve: str = "sign-in") -> Rule:
    """Administrators only; `themselves`: what comes of it where they mean themselves."""
    return Rule(eve, always("403"), always("403"), mine(themselves or outcome, outcome))


def own(outcome: str, *, others: str = "404", admin: str = "", eve: str = "sign-in") -> Rule:
    """What belongs to a user alone, whatever their role; `admin`: unless they are an administrator."""
    return Rule(eve, mine(outcome, others), mine(outcome, others), mine(outcome, admin or others))


def records(live: str, deleted: str, *, foreign: str = "404", foreign_deleted: str = "", eve: str = "sign-in") -> Rule:
    """Members and administrators reach all records, a stranger only his own, Bob those of his team too."""
    everywhere = dict(zip(TARGETS, (live, live, deleted, deleted), strict=True))
    narrow = dict(zip(TARGETS, (live, foreign, deleted, foreign_deleted or foreign), strict=True))
    return Rule(eve, everywhere, narrow, everywhere, {"team": live, "team deleted": deleted})


def posted_only(rule: Rule, *, eve: str = "sign-in") -> dict[str, Rule]:
    """A deed: there is nothing to look at."""
    return {"GET": Rule(eve, always(NO_METHOD), always(NO_METHOD), always(NO_METHOD)), "POST": rule}


def read_only(rule: Rule) -> dict[str, Rule]:
    """A page that takes no form says so."""
    return {"GET": rule, "POST": signed_in(NO_METHOD)}


def page(rule: Rule, *, posted: Rule | None = None) -> dict[str, Rule]:
    """A page; what is posted to it is looked at in the same way, unless it is said otherwise."""
    return {"GET": rule, "POST": posted or rule}


def always(outcome: str) -> dict[str, str]:
    return dict.fromkeys(TARGETS, outcome)


def mine(own_outcome: str, outcome: str) -> dict[str, str]:
    return dict(zip(TARGETS, (own_outcome, outcome) * 2, strict=True))
