"""The guarded HTTP client: where it does not go, how long it waits, how much it takes."""

import ssl
from ipaddress import ip_address

import pytest

from rapport.engine.outbox.client import BadAnswer, Limits, Refused, TooLarge, TooSlow, Unreachable, fetch
from rapport.engine.outbox.guard import Allowed, is_public
from rapport.engine.outbox.tests.web import PATIENCE, running_site

INSIDE = [
    "0.0.0.0", "10.1.2.3",  # noqa: S104 — an address to refuse
    "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%lo", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:0:7f00:1::", "100::1", "3fff::1", "5f00::1", "4000::1",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255",
    "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
# Each of them leads to this machine or its network; %s is the port of a server that must not be reached.
SPELLINGS = [
    "http://127.0.0.1:%s/", "http://127.1:%s/", "http://127.0.1:%s/", "http://2130706433:%s/", "http://0x7f000001:%s/",
    "http://0x7f.0.0.1:%s/", "http://0177.0.0.1:%s/", "http://017700000001:%s/", "http://0:%s/", "http://0.0.0.0:%s/",
    "http://localhost:%s/", "http://LOCALHOST:%s/", "http://localhost.:%s/", "http://127.0.0.1.:%s/",
    "http://[::1]:%s/", "http://[::]:%s/", "http://[::ffff:127.0.0.1]:%s/", "http://[::ffff:7f00:1]:%s/",
    "http://[0:0:0:0:0:ffff:7f00:1]:%s/", "http://[64:ff9b::7f00:1]:%s/", "http://[2002:7f00:1::]:%s/",
    "http://[fe80::1%%25lo]:%s/", "http://user@127.0.0.1:%s/", "http://user:pw@127.0.0.1:%s/",
    "http://a@127.0.0.1:%s#@b", "http://example.com@127.0.0.1:%s/", "http://127.0.0.1:%s\\@example.com/",
    "http://１２７.0.0.1:%s/", "http://127。0。0。1:%s/", "http://①②⑦.0.0.1:%s/",
    "http:127.0.0.1:%s", "//127.0.0.1:%s/", "http:///127.0.0.1:%s/", "http://169.254.169.254/latest?%s", "http://[fd00:ec2::254]/latest?%s",
    "http://10.0.0.1/?%s", "gopher://127.0.0.1:%s/_x", "file:///etc/passwd?%s", "ftp://127.0.0.1:%s/",
    "dict://127.0.0.1:%s/", "unix:///var/run/docker.sock?%s", "javascript:alert(%s)", "data:,%s", "",
    "http://", "http://:%s/", "http:// 127.0.0.1:%s/", "http://127.0.0.1 :%s/", "http://127.0.0.1\t:%s/",
    "http://127.0.0.1:%s\r\nX: y", "http://[127.0.0.1]:%s/", "http://[::1:%s/", "http://127.0.0.1:%s0000/",
]  # fmt: skip


@pytest.fixture
def site():
    with running_site() as running:
        yield running


@pytest.fixture
def open_site(site, monkeypatch):
    """A site within the own network that the owner allows."""
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"127.0.0.1:{site.port}, hooks.internal:{site.port}")
    return site


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_inside(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_world(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("ports_are_open", [False, True])
def test_no_spelling_leads_inside(spelling, site, ports_are_open, monkeypatch):
    if ports_are_open:
        monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"elsewhere.example:{site.port}")
    url = spelling.replace("%s", str(site.port)).replace("%%", "%")
    with pytest.raises(Refused):
        fetch("GET", url, limits=Limits(seconds=2))
    assert site.requests == []


@pytest.mark.parametrize("port", [1, 22, 25, 5432, 6379, 8000, 65535])
def test_other_ports_are_closed(port):
    with pytest.raises(Refused, match="Port"):
        fetch("GET", f"http://example.com:{port}/", resolver=lambda _host, _port: ["93.184.216.34"])


def test_a_name_that_leads_inside_and_outside_is_refused(site, monkeypatch):
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"elsewhere.example:{site.port}")
    for found in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"]):
        with pytest.raises(Refused, match="address of this network"):
            fetch("GET", f"http://rebind.example:{site.port}/", resolver=lambda _host, _port, found=found: found)
    assert site.requests == []


def test_the_address_checked_is_the_one_connected_to(site, monkeypatch):
    """A name server that says something else at the second question is asked only once."""
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"127.0.0.1:{site.port}")
    answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]
    answer = fetch("GET", f"http://rebind.example:{site.port}/hello", resolver=lambda _host, _port: answers.pop(0))
    assert answer.body == b"hello"
    assert len(answers) == 2
    assert site.requests[0]["headers"]["host"] == f"rebind.example:{site.port}"


@pytest.mark.parametrize(
    ("entry", "host", "allowed"),
    [
        ("hooks.internal", "hooks.internal:8080", True),
        ("hooks.internal", "hooks.internal:9000", False),
        ("hooks.internal:9000", "hooks.internal:9000", True),
        ("hooks.internal:9000", "hooks.internal:80", False),
        ("hooks.internal:9000", "other.internal:9000", False),
        ("127.77.0.0/16:9000", "other.internal:9000", True),
        ("127.77.0.0/16", "other.internal:80", True),
        ("127.77.0.0/16", "other.internal:9000", False),
        ("192.168.0.0/16", "other.internal:80", False),
        ("[fd00::1]:9000", "hooks.internal:9000", False),
        ("fd00::/8", "hooks.internal:80", False),
    ],
)
def test_the_owner_allows_targets_one_by_one(monkeypatch, entry, host, allowed):
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", entry)
    ask = {"resolver": lambda _host, _port: ["127.77.0.1"], "limits": Limits(seconds=0.3)}
    with pytest.raises((Unreachable, TooSlow) if allowed else Refused):
        fetch("GET", f"http://{host}/", **ask)


@pytest.mark.parametrize("entry", ["a b", "10.0.0.0/8:port", "x:1:2"])
def test_a_wrong_entry_is_an_error_and_opens_nothing(entry):
    with pytest.raises(ValueError, match="RAPPORT_ALLOWED_TARGETS"):
        Allowed.from_env({"RAPPORT_ALLOWED_TARGETS": entry})


def test_a_redirect_is_followed_and_checked_again(open_site, site):
    assert fetch("GET", f"{open_site.url}/to?/hello").body == b"hello"
    assert fetch("GET", f"{open_site.url}/to?{open_site.url}/to?/hello").url == f"{open_site.url}/hello"
    for target in (
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "file:///etc/passwd",
        "gopher://x/",
    ):
        with pytest.raises(Refused):
            fetch("GET", f"{open_site.url}/to?{target}")


def test_a_redirect_into_the_own_network_is_refused(open_site):
    with running_site() as secret:
        with pytest.raises(Refused):
            fetch("GET", f"{open_site.url}/to?{secret.url}/hello")
        assert secret.requests == []


def test_redirects_end(open_site):
    with pytest.raises(Refused, match="too often"):
        fetch("GET", f"{open_site.url}/loop")
    assert len(open_site.requests) == 6


def test_what_was_meant_for_one_host_is_not_told_another(open_site):
    target = f"http://hooks.internal:{open_site.port}/hello"
    fetch(
        "GET",
        f"{open_site.url}/to?{target}",
        headers={"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "s3cret"},
        resolver=lambda _host, _port: ["127.0.0.1"],
    )
    first, second = open_site.requests
    assert first["headers"]["x-api-key"] == "s3cret"
    assert "s3cret" not in str(second)


def test_a_post_is_never_repeated_by_a_redirect(open_site):
    open_site.answers = [302]
    assert fetch("POST", f"{open_site.url}/hook", body=b"{}").status == 302
    assert len(open_site.requests) == 1


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("large", TooLarge),
        ("bomb", TooLarge),
        ("brotli", BadAnswer),
        ("garbage", BadAnswer),
        ("nonsense", BadAnswer),
    ],
)
def test_no_answer_floods_or_confuses_us(open_site, page, fault):
    with pytest.raises(fault):
        fetch("GET", f"{open_site.url}/{page}", limits=Limits(seconds=1, size=1_000_000))


@pytest.mark.parametrize(
    ("page", "fault"), [("endless", TooLarge), ("drip", TooSlow), ("headers", TooSlow), ("silent", TooSlow)]
)
def test_the_line_to_who_does_not_end_is_cut(open_site, page, fault):
    with pytest.raises(fault):
        fetch("GET", f"{open_site.url}/{page}", limits=Limits(seconds=1, size=1_000_000))
    assert open_site.cut.wait(PATIENCE)


def test_a_small_answer_that_unpacks_enormously_is_a_bomb(open_site):
    with pytest.raises(TooLarge):
        fetch("GET", f"{open_site.url}/ratio", limits=Limits(size=20_000_000, ratio=100))
    assert fetch("GET", f"{open_site.url}/packed").body == b"hello" * 1000


def test_a_dead_port_and_an_unknown_name(monkeypatch):
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", "127.0.0.1:1")
    with pytest.raises(Unreachable) as caught:
        fetch("GET", "http://127.0.0.1:1/")
    assert not caught.value.may_have_arrived
    with pytest.raises(Refused, match="not known"):
        fetch("GET", "http://nobody.invalid/", resolver=lambda _host, _port: [])


def test_the_certificate_must_be_of_the_name_that_was_asked_for(certificate, monkeypatch):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    from rapport.engine.outbox import client

    with running_site(tls) as site:
        monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"127.0.0.1:{site.port}")
        for trusted, name, works in (
            (False, "localhost", False),
            (True, "other.example", False),
            (True, "localhost", True),
        ):
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            client._tls.cache_clear()
            ask = {"resolver": lambda _host, _port: ["127.0.0.1"]}
            if works:
                assert fetch("GET", f"https://{name}:{site.port}/hello", **ask).body == b"hello"
            else:
                with pytest.raises(Unreachable, match="certificate"):
                    fetch("GET", f"https://{name}:{site.port}/hello", **ask)
    monkeypatch.undo()
    client._tls.cache_clear()


def test_proxies_of_the_environment_are_not_used(open_site, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch("GET", f"{open_site.url}/hello").body == b"hello"
