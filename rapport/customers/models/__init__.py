"""Tables of the customers room."""

from rapport.customers.models.company import Company, CompanyRelation
from rapport.customers.models.membership import Membership
from rapport.customers.models.person import Person

__all__ = ["Company", "CompanyRelation", "Membership", "Person"]
