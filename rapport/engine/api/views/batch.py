"""Many records in one request."""

from collections import Counter

from django.http import HttpResponse

from rapport.engine.api.batch import Writer, read_batch
from rapport.engine.api.call import Call, answer
from rapport.engine.api.views.records import creates_anyway


def write_batch(call: Call, slug: str) -> HttpResponse:
    """Create, update or upsert up to 1,000 records. The results stand in the order of the items."""
    rtype = call.record_type(slug)
    asked = read_batch(call, rtype, accept_clashes=creates_anyway(call))
    with call.act() as act:
        results = Writer(act, rtype, asked).write()
    counts = Counter(result.status for result in results)
    data = {"results": [result.as_json() for result in results], "counts": dict(counts)}
    return answer(data, batch=act.batch)
