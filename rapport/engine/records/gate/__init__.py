"""The gate: who may see and do what. Every read goes through `visible` and `mask`, every write through `require`."""

from rapport.engine.records.gate.asking import grants_of, may, parents_of, reaches_all, require
from rapport.engine.records.gate.masks import Mask, mask
from rapport.engine.records.gate.policies import (
    EVERY_REACH,
    EVERY_TYPE,
    EVERY_VERB,
    FULL,
    NOTHING,
    POLICIES,
    Grant,
    Policies,
    Policy,
    Reach,
    Verb,
    known_roles,
    policies_of,
    role_name,
    trying,
    verb_word,
)
from rapport.engine.records.gate.reaching import reaches, require_created, require_new, visible, within_reach

__all__ = [
    "EVERY_REACH",
    "EVERY_TYPE",
    "EVERY_VERB",
    "FULL",
    "NOTHING",
    "POLICIES",
    "Grant",
    "Mask",
    "Policies",
    "Policy",
    "Reach",
    "Verb",
    "grants_of",
    "known_roles",
    "mask",
    "may",
    "parents_of",
    "policies_of",
    "reaches",
    "reaches_all",
    "require",
    "require_created",
    "require_new",
    "role_name",
    "trying",
    "verb_word",
    "visible",
    "within_reach",
]
