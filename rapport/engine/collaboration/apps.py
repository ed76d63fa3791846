"""How people work together: conversations and comments about any record."""

from importlib import import_module

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "rapport.engine.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        """Declare the record types, and give comments their place on every record's page."""
        import_module("rapport.engine.collaboration.record_types")
        import_module("rapport.engine.collaboration.record_types_of_workspaces")
        import_module("rapport.engine.collaboration.telling")
        import_module("rapport.engine.collaboration.views.heads")
        import_module("rapport.engine.collaboration.views.api_follow")
        import_module("rapport.engine.collaboration.muting")
        import_module("rapport.engine.collaboration.notices.words")
        import_module("rapport.engine.collaboration.reactions")
        furnish_workspaces()


def furnish_workspaces() -> None:
    """Give files and pins their places on the pages of records."""
    from rapport.engine.collaboration import record_types_of_workspaces
    from rapport.engine.collaboration.attachments import give_files_a_place
    from rapport.engine.collaboration.calls import offer_call
    from rapport.engine.collaboration.pages import tell_pages
    from rapport.engine.collaboration.pinning import offer_pin, offer_view_pin, tell_pins
    from rapport.engine.web.deeds import DEEDS, VIEW_DEEDS
    from rapport.engine.web.views.telling import TELLERS

    give_files_a_place()
    DEEDS.extend([offer_call, offer_pin])
    VIEW_DEEDS.append(offer_view_pin)
    tellers = [(record_types_of_workspaces.PinType, tell_pins), (record_types_of_workspaces.PageType, tell_pages)]
    for kind in ("created", "changed", "deleted", "restored"):
        TELLERS.update({f"{kind}:{rtype.journal_type}": tell for rtype, tell in tellers})
