"""Reads the tokens as a browser would, and says how well one colour stands on another (WCAG 2.2)."""

import math
import re
from pathlib import Path

TOKENS = Path(__file__).parent.parent / "static" / "web" / "css" / "_tokens.css"
BOTH = re.compile(r"--(?P<name>[\w-]+): light-dark\(oklch\((?P<light>[^)]+)\), oklch\((?P<dark>[^)]+)\)\);")
Colour = tuple[float, float, float]


def tokens(theme: str) -> dict[str, Colour]:
    """Name → linear sRGB of every opaque token that has a light and a dark side."""
    found = BOTH.finditer(TOKENS.read_text())
    return {one["name"]: linear_srgb(one[theme]) for one in found if "/" not in one[theme] and "var(" not in one[theme]}


def linear_srgb(oklch: str, hue: float | None = None) -> Colour:
    """`52% .13 150` in linear light. Ottosson (2020), the inverse of OKLab."""
    light, chroma, angle = oklch.split()
    radians = math.radians(float(angle) if hue is None else hue)
    a, b = float(chroma) * math.cos(radians), float(chroma) * math.sin(radians)
    lightness = float(light.removesuffix("%")) / 100
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return _within(red), _within(green), _within(blue)


def contrast(one: Colour, other: Colour) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)
