"""Import and export at the keyboard; pausing and cancelling."""

import pytest
from django.core.management import CommandError, call_command

from rapport.customers.models import Person
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.doing import go_on
from rapport.engine.records.models import ImportRun
from rapport.engine.records.tests.imports.conftest import finished


def test_a_file_goes_in_and_comes_out(db, tmp_path, capsys):
    source, target, refused = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "refused.csv"
    source.write_text("Name,E-Mail,Firma\nAmara,a@x.no,Fjell AS\nBroken,a@,\n")
    call_command(
        "import", "people", str(source), "--yes", "--match", "email", "--create-missing", "--refused", str(refused)
    )
    assert "1 created" in capsys.readouterr().out
    assert "not an e-mail address" in refused.read_text()
    call_command("export", "people", str(target), "--where", "name = Amara")
    assert "Fjell AS" in target.read_text()
    with pytest.raises(CommandError, match="colour"):
        call_command("import", "people", str(source), "--yes", "--match", "colour")


def test_a_run_pauses_goes_on_and_ends(dana, checked):
    rows = "".join(f"Person {n},p{n}@x.no\n" for n in range(1_500))
    run = checked(dana, "people", f"Name,E-Mail\n{rows}")
    doors.start_run(run)
    doors.ask_to(run, ImportRun.State.PAUSED)
    go_on(run)
    run.refresh_from_db()
    assert run.state == "paused"
    assert not Person.objects.exists()
    finished(run)
    assert run.state == "done"
    assert Person.objects.count() == 1_500
