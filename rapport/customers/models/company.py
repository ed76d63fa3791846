"""A company, and what it is to us: customer, prospect, partner, supplier, competitor, each with dates."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from rapport.customers.models.person import WAITING, of_first
from rapport.engine.events.models import Journaled, LeanJSON
from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record


class Company(Record):
    """An organisation with which we deal; `parent` makes a hierarchy without cycles."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_entry: ClassVar[frozenset[str]] = frozenset({"domains", "phones", "addresses", "links", "tags"})

    name = models.CharField(max_length=1000)
    name_fold = models.TextField(db_collation="C", editable=False)
    domains = LeanJSON(default=list, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    size = models.IntegerField(null=True, blank=True)
    revenue = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    revenue_currency = models.CharField(max_length=3, blank=True)
    revenue_house = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    addresses = LeanJSON(default=list, blank=True)
    phones = LeanJSON(default=list, blank=True)
    links = LeanJSON(default=list, blank=True)
    vat_number = models.CharField(max_length=1000, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subsidiaries")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    tags = ArrayField(models.TextField(), default=list, blank=True)
    domain = of_first("domains", "domain")
    phone = of_first("phones", "phone")
    city = of_first("addresses", "city")
    country = of_first("addresses", "country")

    class Meta:
        db_table = "company"
        indexes = [
            models.Index(fields=["name_fold", "id"], name="company_by_name"),
            models.Index(fields=["created_at", "id"], name="company_by_creation"),
            models.Index(fields=["changed_at", "id"], name="company_by_change"),
            models.Index(fields=["industry", "id"], name="company_by_industry"),
            models.Index(fields=["industry", "created_at", "id"], name="company_in_lanes"),
            models.Index(fields=["owner", "id"], name="company_by_owner"),
            models.Index(fields=["owner", "created_at", "id"], name="company_of_owner"),
            models.Index(fields=["size", "id"], name="company_by_size"),
            models.Index(fields=["revenue_house", "id"], name="company_by_revenue"),
            models.Index(Upper("city"), "id", name="company_in_city"),
            models.Index(fields=["country", "id"], name="company_by_country"),
            models.Index(fields=["deleted_at"], name="company_deleted", condition=models.Q(deleted_at__isnull=False)),
            GinIndex(OpClass("name_fold", "gin_trgm_ops"), name="company_name_parts"),
            GinIndex(OpClass("domains", "jsonb_path_ops"), name="company_domains", fastupdate=False),
            GinIndex(OpClass("phones", "jsonb_path_ops"), name="company_phones", gin_pending_list_limit=WAITING),
            GinIndex(fields=["tags"], name="company_tags"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)


class CompanyRelation(Journaled):
    """What a company is to us, from when to when. Several kinds may hold at once."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=60)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "company_relation"
        indexes = [models.Index(fields=["company", "kind"], name="company_relation_kind")]
