"""What a restore must do beyond loading: prove the journal, and begin a new era so that no reaction reads it twice."""

from rapport.engine.events.journal.era import raise_era
from rapport.engine.events.journal.verify import verify
from rapport.engine.runtime.backup import BackupFault, after_restore


def add_hooks() -> None:
    """Have every restore end with these."""
    after_restore(prove_the_journal)
    after_restore(begin_an_era)


def prove_the_journal() -> str:
    """Verify every sealed entry of what was restored."""
    report = verify()
    if report.faults:
        raise BackupFault("The journal in this backup was altered:\n" + "\n".join(report.faults[:20]))
    return f"The journal is whole: {report.sealed:,} sealed entries verified, {report.unsealed:,} not sealed yet."


def begin_an_era() -> str:
    """Transaction ids start anew in a restored database; the era puts what comes now after all that was."""
    return f"Era {raise_era()} of the journal begins."
