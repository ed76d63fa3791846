"""Hands over one slice of mail in a process of its own, so that a test can kill it in the middle."""

import django

django.setup()

if __name__ == "__main__":
    from rapport.engine.outbox.mail import dispatch_mail

    dispatch_mail()
