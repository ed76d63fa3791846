"""A form sent in chunks, whose length nobody said: no browser does so. It is refused at once, and the site goes on."""

import http.client
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def connection(live_server_url):
    opened = http.client.HTTPConnection(urlsplit(live_server_url).netloc, timeout=20)
    yield opened
    opened.close()


def answer_of(connection) -> int:
    with connection.getresponse() as answer:
        answer.read()
        return int(answer.status)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize(("path", "status"), [("/sign-in/", 403), ("/people/new", 403), ("/no/such/page", 404)])
def test_it_is_refused_and_the_next_request_is_answered(connection, path, kind, status):
    chunks = [b"--x\r\nContent-Disposition: form-data; ", b'name="login"\r\n\r\nx\r\n--x--\r\n']
    connection.request("POST", path, body=iter(chunks), headers={"Content-Type": kind}, encode_chunked=True)
    assert answer_of(connection) == status
    # The rest of the body may still be on its way, so this connection is done with.
    connection.close()
    connection.request("GET", "/healthz")
    assert answer_of(connection) == 200


def test_one_that_never_ends_is_not_waited_for(connection):
    connection.putrequest("POST", "/sign-in/")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.endheaders()
    connection.send(b"5\r\nlogin\r\n")
    assert answer_of(connection) == 403
