"""What leaves the house: mail and HTTP hand-over, the guarded client, sealed secrets."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "rapport.engine.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Have the worker hand over what is due, mail and requests apart so that neither waits for the other."""
        from rapport.engine.jobs.loops import add_loop
        from rapport.engine.outbox.http import dispatch_requests
        from rapport.engine.outbox.mail import dispatch_mail
        from rapport.engine.outbox.queue import CHANNEL

        add_loop("mail", dispatch_mail, channel=CHANNEL, seconds=20)
        add_loop("requests", dispatch_requests, channel=CHANNEL, seconds=20)
