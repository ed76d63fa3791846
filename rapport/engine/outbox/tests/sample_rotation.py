"""Rotates slowly in a process of its own, so that a test can kill it in the middle."""

import os
import time
from pathlib import Path

import django

django.setup()

if __name__ == "__main__":
    from django.conf import settings

    from rapport.engine.outbox.secrets.rotation import rotate

    settings.RAPPORT_HOME = Path(os.environ["SAMPLE_RING"])
    rotate(lambda _count: time.sleep(float(os.environ["SAMPLE_PAUSE"])))
