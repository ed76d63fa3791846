"""What the gate says in SQL."""

from django.db import models


class IsAnyOf(models.Func):
    """Whether a column is one of an array's: the ids are one parameter, or one query that is asked once."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()
    conditional = True
