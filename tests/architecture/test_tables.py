"""Every table is either written through an Act (Journaled) or listed as machinery with owner and retention."""

from django.apps import apps

from rapport.engine.events.models import Journaled
from tests.architecture.lists import machinery


def registered():
    """Every model with a table of its own, those that Django makes for many-to-many fields included."""
    models = apps.get_models(include_auto_created=True, include_swapped=True)
    return {model._meta.label: model for model in models if not model._meta.proxy and not model._meta.swapped}


def test_every_table_is_journaled_or_machinery():
    listed = {entry.label for entry in machinery()}
    unknown = [
        label for label, model in registered().items() if not issubclass(model, Journaled) and label not in listed
    ]
    assert not unknown, "derive from Journaled, or list in machinery.txt with owner and retention"


def test_machinery_exists_and_is_not_journaled():
    models = registered()
    named = {entry.label for entry in machinery() if entry.model}
    assert not named - set(models)
    assert not {label for label in named if issubclass(models[label], Journaled)}
