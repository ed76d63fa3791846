"""Up to a thousand records in one request: each on its own, all in one batch."""

from rapport.engine.api.batch.asking import read_batch
from rapport.engine.api.batch.writing import Writer

__all__ = ["Writer", "read_batch"]
