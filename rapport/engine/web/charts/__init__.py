"""Charts as accessible SVG, drawn on the server from plain numbers: `svg(Chart(…))`. Knows no records."""

from rapport.engine.web.charts.drawing import svg
from rapport.engine.web.charts.model import Chart, Kind, Mark, Series

__all__ = ["Chart", "Kind", "Mark", "Series", "svg"]
