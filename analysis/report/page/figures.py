#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws RUN/figures/data.json into RUN/figures/NAME.svg and NAME.png, the same bytes each time.

Usage: figures.py RUN      exit 0; 3 when data.json is malformed; 4 when a package is missing, with its name

Every number is computed by the analysis; a figure without panels is not drawn, and the page shows its notes."""
import io
import math
import pathlib
import sys

# Isolated (-I), Python looks for modules in none of the user's folders, and not beside this file either.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from data import Malformed, load_figures, write_atomically

try:
    import matplotlib
    matplotlib.use("agg")
    from matplotlib import pyplot
except ImportError as error:
    print(f"the figures need the Debian package python3-matplotlib ({error})", file=sys.stderr)
    sys.exit(4)

import bars
import lines
import ratios
import waterfall
from legend import ROW_CHARACTERS, Legend, all_names, columns_of
from palette import COLOURS, INK, dark_rules
from scales import NORMAL

WIDTH_INCHES = 9.0
KINDS = {"lines": lines.draw_panel, "bars": bars.draw_panel, "ratios": ratios.draw_panel, "waterfall": waterfall.draw_panel}


def panel_inches(figure, panel):
    """The height of a panel: as its bars need, or that of a plot."""
    if figure["kind"] == "lines":
        return 2.9
    if figure["kind"] == "waterfall":
        return 0.9 + 0.3 * len(panel["steps"])
    if figure["kind"] == "ratios":
        return 0.9 + 0.26 * sum(len(series.get("points", [])) for series in panel["series"])
    names = len({str(point["x"]) for series in panel["series"] for point in series.get("points", [])})
    return 0.8 + names * max(0.26, 0.15 * (max(bars.lanes_of(panel)) + 1))


def legend_groups(row):
    """The panels of a row in groups that have a legend together: all of them where there are styles for all their series."""
    return [row] if len(all_names(row)) <= len(COLOURS) else [[panel] for panel in row]


def legend_inches(row, columns):
    """The height of the legends below a row, with their entries for repetitions and intervals."""
    groups = legend_groups(row)
    characters = ROW_CHARACTERS if len(groups) == 1 else ROW_CHARACTERS // columns
    names = max(map(all_names, groups), key=len)
    return 0.1 + 0.18 * math.ceil((len(names) + 2) / columns_of(names, characters))


def usable_panels(figure):
    """The panels that hold anything; a panel of nothing is left to the notes."""
    parts = "steps" if figure.get("kind") == "waterfall" else "series"
    return [panel for panel in figure.get("panels", []) if panel.get(parts)]


def draw_row(drawing, grid, at, figure, row, legend):
    """Draws the panels of one row in row `at` of the grid. Without a legend for the whole figure they have one of their own in the
    row below: together where there are styles for all their series, else one a panel, with the styles from the first on."""
    columns, place = grid.ncols, 0
    for group in legend_groups(row):
        own = legend or Legend()
        first = place
        for panel in group:
            KINDS[figure["kind"]](drawing.add_subplot(grid[at, place]), figure, panel, own, WIDTH_INCHES / columns - 0.6)
            place += 1
        if not legend:
            width = columns if len(group) == len(row) else len(group)
            below = drawing.add_subplot(grid[at + 1, first:first + width])
            below.set_axis_off()
            own.draw(below, figure["kind"], place=(0, 1), characters=ROW_CHARACTERS * width // columns)


def draw(figure):
    """The matplotlib figure of one entry of data.json; raises Malformed for a kind that is unknown."""
    if figure.get("kind") not in KINDS:
        raise Malformed(f"figure {figure['name']}: kind '{figure.get('kind')}'; there are {', '.join(KINDS)}")
    panels = usable_panels(figure)
    columns = 1 if len(panels) == 1 else 2
    rows = [panels[at:at + columns] for at in range(0, len(panels), columns)]
    legend = Legend() if len(all_names(panels)) <= len(COLOURS) else None
    heights = []
    for row in rows:
        heights.append(max(panel_inches(figure, panel) for panel in row))
        heights += [] if legend else [legend_inches(row, columns)]
    drawing = pyplot.figure(figsize=(WIDTH_INCHES, sum(heights) + 0.35), layout="constrained")
    drawing.suptitle(figure.get("title", figure["name"]), x=0.0, ha="left", fontsize=NORMAL + 2, color=INK[0], fontweight="bold")
    grid = drawing.add_gridspec(len(heights), columns, height_ratios=heights)
    for index, row in enumerate(rows):
        draw_row(drawing, grid, index if legend else 2 * index, figure, row, legend)
    if legend:
        legend.draw(drawing, figure["kind"], *[waterfall.entries()] if figure["kind"] == "waterfall" else [])
    return drawing


def pictures(figure):
    """{suffix: bytes}: an SVG on transparent ground and a PNG on white, without times or versions."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update({"svg.hashsalt": figure["name"], "svg.fonttype": "path", "text.parse_math": False,
                                "font.family": "DejaVu Sans", "hatch.linewidth": 0.5})
    drawing = draw(figure)
    made = {}
    for suffix, options in {"svg": {"transparent": True, "metadata": {"Date": None, "Creator": None}},
                            "png": {"dpi": 160, "facecolor": "white", "metadata": {"Software": None}}}.items():
        file = io.BytesIO()
        drawing.savefig(file, format=suffix, bbox_inches="tight", pad_inches=0.08, **options)
        made[suffix] = file.getvalue()
    made["svg"] = with_dark_colours(made["svg"])
    pyplot.close(drawing)
    return made


def with_dark_colours(svg):
    """The SVG with rules for viewers on dark ground; its own light colours hold elsewhere."""
    rules = f"<style>@media (prefers-color-scheme: dark) {{ {dark_rules()} }}</style>"
    head, tag, rest = svg.decode("utf-8").partition("<defs>")
    return f"{head}{rules}\n {tag}{rest}".encode("utf-8")


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[0]) / "figures"
    try:
        for figure in load_figures(arguments[0]):
            if usable_panels(figure):
                for suffix, content in pictures(figure).items():
                    write_atomically(folder / f"{figure['name']}.{suffix}", content)
    except FileNotFoundError:
        return  # a run without figures
    except Malformed as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1:])
