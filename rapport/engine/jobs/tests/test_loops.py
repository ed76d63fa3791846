"""Background loops: what they raise is kept where people see it, and forgotten when they run again."""

import pytest

from rapport.engine.jobs import queries
from rapport.engine.jobs.loops import LOOPS, Loop, _run, add_loop


@pytest.mark.django_db(transaction=True)
def test_trouble_is_noted_with_growing_pauses_and_then_forgotten():
    answers = iter([ValueError("first"), ValueError("second"), 0])

    def moody():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    loop = Loop("moody", moody, channel=None, seconds=5)
    first = _run(loop, 0.0)
    second = _run(loop, first)
    assert second > first > 0
    (trouble,) = queries.troubled_loops()
    assert (trouble.name, trouble.times, trouble.error) == ("moody", 2, "second")
    assert _run(loop, second) == 0.0
    assert queries.troubled_loops() == []


@pytest.mark.django_db(transaction=True)
def test_a_loop_runs_on_while_there_is_more():
    left = [3, 2, 1, 0]
    loop = Loop("busy", lambda: left.pop(0), channel=None, seconds=5)
    _run(loop, 0.0)
    assert left == []


def test_two_loops_of_one_name_are_a_mistake():
    def one():
        return None

    def other():
        return None

    add_loop("twice", one, seconds=5)
    add_loop("twice", one, seconds=5)
    with pytest.raises(ValueError, match="twice"):
        add_loop("twice", other, seconds=5)
    del LOOPS["twice"]
