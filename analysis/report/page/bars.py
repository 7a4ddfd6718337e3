# SPDX-License-Identifier: Apache-2.0
"""A panel of bars, beside one another or stacked. They lie, so that names of any length are read without turning them.

An absent bar is the word, where it would stand; its stack goes on as if it had no length, and says so in the notes."""
from data import drawable, number
from legend import interval, names_of
from palette import FAINT, INK, PAPER
from scales import SMALL, dress, set_values, shown

LABELLED_MAX = 40
INCHES_FOR_A_LABEL = 0.25


def lanes_of(panel):
    """For each series the lane of its bars in a category, from 0; all stacked series share the last."""
    beside = [series["name"] for series in panel["series"] if not series.get("stack")]
    return [len(beside) if series.get("stack") else beside.index(series["name"]) for series in panel["series"]]


def places_of(panel, lanes, names):
    """(series, point, place, thickness) of every bar."""
    thickness = 0.78 / (max(lanes) + 1)
    for series, lane in zip(panel["series"], lanes):
        for point in series.get("points", []):
            yield series, point, names.index(str(point["x"])) - 0.39 + thickness * (lane + 0.5), thickness


def write_absent(axes, start, place, text="absent"):
    axes.annotate(text, (start, place), textcoords="offset points", xytext=(3, 0), va="center", fontsize=SMALL - 1,
                  color=FAINT[0], style="italic")


def draw_panel(axes, figure, panel, legend, width_inches):
    dress(axes, panel.get("title", ""))
    set_values(axes.xaxis, figure.get("y", {}))
    axes.set_ylabel(figure.get("x", {}).get("label", ""), fontsize=SMALL, color=INK[0])
    names = names_of(panel)
    ends, segments, absent = {}, [], []
    for series, point, place, thickness in places_of(panel, lanes_of(panel), names):
        start = ends.get(place, 0)
        colour, _ = legend.style(series["name"])
        if not drawable(figure, point):
            absent.append((series, place))
            continue
        bars = interval(point)
        legend.interval = legend.interval or bars is not None
        axes.barh([place], [point["y"]], left=[start], height=thickness * 0.88, color=colour, linewidth=0, xerr=bars,
                  error_kw={"ecolor": INK[0], "elinewidth": 1, "capsize": 2})
        segments.append((series, point, place, start))
        ends[place] = start + (point["y"] if series.get("stack") else 0)
    for series, place in absent:
        write_absent(axes, ends.get(place, 0), place, f"{series['name']} absent" if series.get("stack") else "absent")
    finish(axes, names, segments, width_inches)


def finish(axes, names, segments, width_inches):
    axes.set_yticks(range(len(names)))
    axes.set_yticklabels(names, fontsize=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.yaxis.grid(False)
    axes.margins(x=0.12)
    longest = max((start + point["y"] for _, point, _, start in segments), default=0)
    segments = [segment for segment in segments if segment[1]["y"] or not segment[0].get("stack")]
    for series, point, place, start in segments if len(segments) <= LABELLED_MAX else []:
        if series.get("stack"):
            if longest and point["y"] / longest * width_inches * 0.6 > INCHES_FOR_A_LABEL:
                axes.annotate(shown(point["y"]), (start + point["y"] / 2, place), ha="center", va="center", fontsize=SMALL - 1,
                              color=PAPER[0])
        else:
            end = point["y"] if number(point.get("high")) is None else max(point["y"], point["high"])
            axes.annotate(shown(point["y"]), (end, place), textcoords="offset points", xytext=(4, 0), va="center",
                          fontsize=SMALL - 1, color=INK[0])
