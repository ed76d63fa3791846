"""Tables of imports: the run, its staged rows, what was read from them, and what is wrong with them."""

from typing import ClassVar

from django.db import models

from rapport.engine.events.ids import uuid7


class ImportRun(models.Model):
    """One file on its way in: how it is read, where its columns go, how far it has come."""

    class State(models.TextChoices):
        """Where a run stands. `stage`, `check`, `run` and `undo` are at work; the others wait for somebody."""

        STAGING = "stage"
        STAGED = "staged"
        CHECKING = "check"
        CHECKED = "checked"
        RUNNING = "run"
        PAUSED = "paused"
        CANCELLED = "cancelled"
        DONE = "done"
        UNDOING = "undo"
        UNDONE = "undone"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    record_type = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    actor_name = models.TextField(default="")
    name = models.TextField()
    file_id = models.UUIDField()
    content_type = models.TextField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGING)
    wish = models.CharField(max_length=10, default="")
    dialect = models.JSONField(default=dict)
    header = models.JSONField(default=list)
    signature = models.CharField(max_length=64, default="")
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    mends = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    batch = models.UUIDField(default=uuid7)
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    objects: "ClassVar[models.Manager[ImportRun]]" = models.Manager()

    class Meta:
        db_table = "import_run"
        indexes = [
            models.Index(fields=["user_id", "-id"], name="import_run_of_user"),
            models.Index(fields=["record_type", "signature", "-id"], name="import_run_signature"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether a job has it in hand."""
        return self.state in WORKING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_pasted(self) -> bool:
        """Whether its rows were pasted into a list and came in no file of their own."""
        return SHOWN in self.options

    def rule(self, slug: str, default: str) -> str:
        """What happens to a field of a record that is there already."""
        rules: dict[str, str] = self.options.get("rules", {})
        return rules.get(slug) or default


# The option that holds the columns of the list into which rows were pasted.
SHOWN = "shown"
WORKING = frozenset({"stage", "check", "run", "undo"})
OVER = frozenset({"done", "cancelled", "undone"})


class ImportRow(models.Model):
    """A row as it stands in the file: its cells as a JSON list of texts, numbered from 1."""

    pk = models.CompositePrimaryKey("run_id", "n")
    run_id = models.UUIDField()
    n = models.BigIntegerField()
    cells = models.TextField()

    objects: "ClassVar[models.Manager[ImportRow]]" = models.Manager()

    class Meta:
        db_table = "import_row"


class ImportPortion(models.Model):
    """Some rows of a run that one process checks, of those laid out for one `round`; and what it counted."""

    pk = models.CompositePrimaryKey("round", "first")
    round = models.UUIDField()
    run_id = models.UUIDField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    is_checked = models.BooleanField(default=False)
    tally = models.JSONField(default=dict)

    objects: "ClassVar[models.Manager[ImportPortion]]" = models.Manager()

    class Meta:
        db_table = "import_portion"
        indexes = [models.Index(fields=["run_id"], name="import_portion_run")]


class ImportPlan(models.Model):
    """What a row was read as: its values, and what would become of it. `state` is a word of `Fate`."""

    pk = models.CompositePrimaryKey("run_id", "n")
    run_id = models.UUIDField()
    n = models.BigIntegerField()
    state = models.CharField(max_length=1)
    key = models.TextField(null=True)
    match = models.UUIDField(null=True)
    record = models.UUIDField(null=True)
    values = models.TextField()

    objects: "ClassVar[models.Manager[ImportPlan]]" = models.Manager()

    class Meta:
        db_table = "import_plan"


class ImportProblem(models.Model):
    """What is wrong with one cell, or with column -1 with a whole row."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.UUIDField()
    n = models.BigIntegerField()
    col = models.SmallIntegerField()
    code = models.CharField(max_length=20)
    value = models.TextField()
    message = models.TextField()

    objects: "ClassVar[models.Manager[ImportProblem]]" = models.Manager()

    class Meta:
        db_table = "import_problem"
        indexes = [
            models.Index(fields=["run_id", "col", "code"], name="import_problem_group"),
            models.Index(fields=["run_id", "n"], name="import_problem_row"),
        ]


class Fate:
    """What becomes of a row: one letter each in the plan."""

    NEW, UPDATE, CONFLICT, SAME = "n", "u", "c", "s"
    LEFT_OUT, SKIPPED, BAD = "x", "k", "b"
    WRITTEN = (NEW, UPDATE, CONFLICT, SAME)
