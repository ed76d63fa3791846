"""How passwords are hashed: Argon2id at a cost that four sign-ins at once can pay on a machine with 1 GB."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one pass, one of the equal choices of the OWASP password storage cheat sheet (2025).

    Django's own default takes 100 MiB and eight threads for each try.
    """

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1
