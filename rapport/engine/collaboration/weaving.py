"""Two who write in one text: what each of them changed is merged line by line, and nothing typed is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True)
class Edit:
    """Lines of the base, from `start` to before `end`, that became others."""

    start: int
    end: int
    lines: Lines


def weave(base: str, theirs: str, yours: str) -> str:
    """The text in which both changes of the base stand.

    Where both changed the same lines, what they made of them stands one after the other, theirs first; what both made
    alike stands once. Lines end with \\n alone.
    """
    if yours in (base, theirs):
        return theirs
    if theirs == base:
        return yours
    before = base.split("\n")
    return "\n".join(_woven(before, _edits(before, theirs.split("\n")), _edits(before, yours.split("\n"))))


def _edits(base: Lines, text: Lines) -> list[Edit]:
    """What makes a text of the base, in order and apart from each other."""
    begin = _alike(base, text)
    end = _alike(base[begin:][::-1], text[begin:][::-1])
    inner, other = base[begin : len(base) - end], text[begin : len(text) - end]
    codes = SequenceMatcher(None, inner, other, autojunk=False).get_opcodes()
    return [Edit(begin + a, begin + b, other[c:d]) for tag, a, b, c, d in codes if tag != "equal"]


def _woven(base: Lines, theirs: Sequence[Edit], yours: Sequence[Edit]) -> Iterator[str]:
    done = 0
    for start, end, (first, second) in _regions(theirs, yours):
        here = base[start:end]
        yield from base[done:start]
        yield from _both(_made(here, start, first), _made(here, start, second), here)
        done = end
    yield from base[done:]


def _regions(theirs: Sequence[Edit], yours: Sequence[Edit]) -> Iterator[tuple[int, int, tuple[list[Edit], list[Edit]]]]:
    """Stretches of the base that were changed, with the edits of each; edits that meet are in one."""
    every = sorted(
        [(edit.start, edit.end, 0, edit) for edit in theirs] + [(edit.start, edit.end, 1, edit) for edit in yours],
        key=lambda one: one[:3],
    )
    found: list[tuple[int, int, tuple[list[Edit], list[Edit]]]] = []
    for start, end, whose, edit in every:
        meets = bool(found) and (start < found[-1][1] or (start, end) == found[-1][:2])
        if not meets:
            found.append((start, end, ([], [])))
        first, last, mine = found[-1]
        mine[whose].append(edit)
        found[-1] = (first, max(last, end), mine)
    return iter(found)


def _made(base: Lines, start: int, edits: Sequence[Edit]) -> list[str]:
    """A stretch of the base that begins at `start`, with one side's edits in it."""
    made, done = list[str](), 0
    for edit in edits:
        made += [*base[done : edit.start - start], *edit.lines]
        done = edit.end - start
    return [*made, *base[done:]]


def _both(theirs: list[str], yours: list[str], base: Lines) -> list[str]:
    """What both made of one stretch; what only one of them changed is theirs to say."""
    if yours == theirs or yours == list(base):
        return theirs
    if theirs == list(base):
        return yours
    begin = _alike(theirs, yours)
    end = _alike(theirs[begin:][::-1], yours[begin:][::-1])
    tail = theirs[len(theirs) - end :]
    return [*theirs[: len(theirs) - end], *yours[begin : len(yours) - end], *tail]


def _alike(one: Lines, other: Lines) -> int:
    """How many lines at the beginning are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
