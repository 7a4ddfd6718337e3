# SPDX-License-Identifier: Apache-2.0
"""A panel of lines: medians with their intervals and raw values, fits, and places on the x axis.

Nothing is computed here: medians, intervals, fits and crossovers are the analysis's. What is absent leaves a gap."""
from matplotlib import transforms

from data import drawable, number
from legend import interval, names_of
from palette import FAINT, INK
from scales import SMALL, dress, set_names, set_numbers, set_values


# Of more series than these the repetitions stand among each other's, and tell nothing.
SERIES_WITH_REPETITIONS_MAX = 4


def repetitions_of(point, panel):
    """The single values to be shown beside the median: none where it is the only one, or where they would fill the panel."""
    raw = [value for value in map(number, point.get("raw", [])) if value is not None]
    return raw if 1 < len(raw) and len(panel["series"]) <= SERIES_WITH_REPETITIONS_MAX else []


def draw_point(axes, place, point, raw, style, legend):
    colour, marker = style
    legend.raw = legend.raw or bool(raw)
    beside = transforms.offset_copy(axes.transData, axes.figure, x=-6, units="points")
    if raw:
        axes.plot([place] * len(raw), raw, linestyle="none", marker="o", markersize=2.6, markeredgewidth=0, color=colour,
                  alpha=0.55, transform=beside, clip_on=False, zorder=3.5)
    bars = interval(point)
    legend.interval = legend.interval or bars is not None
    axes.errorbar([place], [point["y"]], yerr=bars, color=colour, marker=marker, markersize=4.5, elinewidth=1, capsize=2.5,
                  capthick=1, clip_on=False, zorder=4)


def draw_series(axes, figure, panel, series, offset, names, legend):
    style = legend.style(series["name"])
    colour, _ = style
    places, heights = [], []
    for point in series.get("points", []):
        good = drawable(figure, point)
        place = names.index(str(point["x"])) + offset if names else number(point.get("x"))
        places.append(float("nan") if place is None else place)
        heights.append(point["y"] if good else float("nan"))
        if good:
            draw_point(axes, place, point, repetitions_of(point, panel), style, legend)
    if series.get("curve"):
        legend.fitted = True
        axes.plot(*zip(*series["curve"]), color=colour, linewidth=1.3, zorder=3)
    else:
        axes.plot(places, heights, color=colour, linewidth=1.3, zorder=3)


def draw_vertical(axes, line, level):
    """A place on the x axis with its interval: where two lines cross, for instance."""
    low, high = number(line.get("low")), number(line.get("high"))
    if low is not None and high is not None:
        axes.axvspan(low, high, color=FAINT[0], alpha=0.14, linewidth=0, zorder=1)
    if number(line.get("x")) is None:
        return
    axes.axvline(line["x"], color=FAINT[0], linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    right_half = axes.transAxes.inverted().transform(axes.transData.transform((line["x"], 0)))[0] > 0.6
    axes.annotate(line.get("label", ""), (line["x"], 1), xycoords=("data", "axes fraction"), textcoords="offset points",
                  xytext=(-4 if right_half else 4, -3 - 11 * level), ha="right" if right_half else "left", va="top",
                  fontsize=SMALL, color=INK[0])


def draw_panel(axes, figure, panel, legend, width_inches):
    dress(axes, panel.get("title", ""))
    category = figure.get("x", {}).get("scale") == "category"
    names = names_of(panel) if category else []
    step = 0.36 / max(len(panel["series"]), 1)
    for index, series in enumerate(panel["series"]):
        draw_series(axes, figure, panel, series, (index - (len(panel["series"]) - 1) / 2) * step, names, legend)
    set_values(axes.yaxis, figure.get("y", {}))
    if category:
        set_names(axes, figure["x"], names, width_inches)
    else:
        places = [number(point.get("x")) for series in panel["series"] for point in series.get("points", [])]
        set_numbers(axes, figure.get("x", {}), [place for place in places if place is not None], width_inches)
    if figure.get("y", {}).get("scale") != "log":
        bottom, top = axes.get_ylim()
        axes.set_ylim(bottom if any_negative(panel) else 0, top * 1.04)
    for level, line in enumerate(panel.get("lines", [])):
        draw_vertical(axes, line, level)


def any_negative(panel):
    return any((number(point.get(part)) or 0) < 0 for series in panel["series"] for point in series.get("points", [])
               for part in ("y", "low"))
