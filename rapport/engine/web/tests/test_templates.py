"""Templates of every room, and the style and script beside them."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from rapport.engine.web import jinja
from rapport.engine.web.tests.contrast import contrast, linear_srgb, tokens
from rapport.engine.web.tests.markup import ICONS

ROOMS = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("rapport.")]
TEMPLATES = [file for room in ROOMS for file in (room / "templates").rglob("*.html")]
STATIC = Path(__file__).parent.parent / "static" / "web"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
TEXT = ["ink", "ink-2", "ink-3", "accent", "good", "warn", "bad", "info"]
GROUNDS = ["sheet", "paper", "sunk"]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: "/".join(file.parts[-2:]))
def test_a_template_compiles_and_names_only_icons_that_are_there(file):
    text = file.read_text()
    jinja.environment().parse(text)
    named = re.findall(r"""icon\(["']([\w-]+)["']\)""", text)
    assert set(named) <= ICONS


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(theme):
    colours = tokens(theme)
    for ink in TEXT:
        for ground in GROUNDS:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["ink-3"], colours["accent-soft"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["paper"], colours["ink"]) >= 4.5
    assert contrast(colours["edge"], colours["sheet"]) >= 3


@pytest.mark.parametrize(("ink", "ground"), [("32% .06 0", "90% .055 0"), ("30% .06 0", "86% .06 0")])
def test_initials_can_be_read_on_every_hue(ink, ground):
    source = (STATIC / "css" / "_tokens.css").read_text()
    for one in (ink, ground):
        assert one.removesuffix(" 0") in source
    assert min(contrast(linear_srgb(ink, hue), linear_srgb(ground, hue)) for hue in range(0, 360, 15)) >= 7


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda file: file.name)
def test_a_sheet_stands_in_a_layer_and_in_the_document(sheet):
    text = sheet.read_text()
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    assert set(re.findall(r"^(\S[^{;]*?)\s*[{;]", rules, flags=re.M)) <= LAYERS
    assert f"'{sheet.stem}'" in (STATIC.parent.parent / "templates/web/document.html").read_text()
    used = set(re.findall(r"var\((--[\w-]+)", text))
    known = {name for one in SHEETS for name in re.findall(r"(--[\w-]+):", one.read_text())}
    assert used <= known


def test_every_script_is_loaded():
    texts = [script.read_text() for script in SCRIPTS]
    imported = {
        Path(name).name for text in texts for name in re.findall(r'from "(.*?)"|import "(.*?)"', text) for name in name
    }
    assert {script.name for script in SCRIPTS} <= imported | {"rapport.js"}


LAYERS = {
    "@layer tokens, base, layout, components, pages",
    *(f"@layer {name}" for name in ("tokens", "base", "layout", "components", "pages")),
}
