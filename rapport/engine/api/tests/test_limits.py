"""How often a program may ask."""

from rapport.engine.api.limits import Limiter


def test_every_answer_says_what_is_left(api):
    first, second = api.get("/"), api.get("/people/nonsense")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("600", "599")
    assert (second.status_code, second["RateLimit-Remaining"]) == (404, "598")
    assert int(second["RateLimit-Reset"]) == 1


def test_too_many_are_429_for_who_sent_them_alone(api, dana_api, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    assert [api.get("/").status_code for _one in range(3)] == [200] * 3
    refused = api.post("/people", {"name": "A"})
    assert (refused.status_code, refused.data["type"]) == (429, "urn:rapport:problem:too-many-requests")
    assert refused["Retry-After"] == "20"
    assert refused["RateLimit-Remaining"] == "0"
    assert dana_api.get("/people").data["items"] == []


def test_a_bucket_refills_steadily_and_not_beyond_its_limit():
    limiter = Limiter()
    taken = [limiter.take("a", limit=60, now=100.0).remaining for _one in range(60)]
    assert taken == list(range(59, -1, -1))
    assert limiter.take("a", limit=60, now=100.5).wait == 1
    assert limiter.take("a", limit=60, now=101.5).wait == 0
    assert limiter.take("a", limit=60, now=10_000.0).remaining == 59


def test_the_least_recently_seen_are_forgotten(monkeypatch):
    monkeypatch.setattr("rapport.engine.api.limits.REMEMBERED", 2)
    limiter = Limiter()
    for key in ("a", "b", "a", "c"):
        limiter.take(key, limit=60, now=100.0)
    assert limiter.take("b", limit=60, now=100.0).remaining == 59
