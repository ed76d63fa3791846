"""What all other tests stand on: real privileges, a clean slate after each test, a running site, a browser."""

import urllib.request

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone


def test_a_real_transaction_leaves_its_rows(transactional_db):
    Session.objects.create(session_key="left behind", expire_date=timezone.now())
    ContentType.objects.filter(app_label="sessions").delete()
    transaction.commit()

    assert not ContentType.objects.filter(app_label="sessions").exists()


def test_and_the_next_test_finds_a_clean_slate_with_the_rows_of_the_migrations(transactional_db):
    assert not Session.objects.exists()
    assert ContentType.objects.filter(app_label="sessions").exists()


@pytest.mark.django_db
def test_tests_work_with_the_privileges_of_the_app():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("rapport_app",)
        with pytest.raises(ProgrammingError, match="must be owner"):
            cursor.execute("DROP TABLE django_session")


def test_the_site_answers_in_a_process_of_its_own(live_server_url):
    with urllib.request.urlopen(f"{live_server_url}/healthz", timeout=10) as answer:  # noqa: S310 — our own site
        assert answer.status == 200


@pytest.mark.browser
def test_a_browser_shows_a_page_of_the_site(page):
    answer = page.goto("/")

    assert answer.ok
    assert page.locator("body").is_visible()


@pytest.mark.browser
def test_a_script_that_throws_is_heard_of(browser):
    tab = browser.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.set_content("<script>throw new Error('noticed')</script>")
    tab.close()

    assert faults == ["noticed"]
