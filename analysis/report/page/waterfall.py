# SPDX-License-Identifier: Apache-2.0
"""A panel of a waterfall: totals from 0, and between them each change from where the last one ended, read downwards."""
from matplotlib import patches

from data import number
from bars import write_absent
from palette import COLOURS, FAINT, INK, LESS, MORE
from scales import SMALL, dress, set_values, shown


def colour_of(step):
    if step.get("kind") == "total":
        return COLOURS[0][0]
    if step.get("kind") == "residual":
        return FAINT[0]
    return MORE[0] if step["value"] > 0 else LESS[0]


def write_value(axes, step, place, left_end, right_end):
    """The number beside the bar, on the side that it points to, beyond its interval."""
    change = step.get("kind") != "total"
    text = ("+" if change and step["value"] > 0 else "") + shown(step["value"])
    left = change and step["value"] < 0
    axes.annotate(text, (left_end if left else right_end, place), textcoords="offset points", xytext=(-4 if left else 4, 0),
                  ha="right" if left else "left", va="center", fontsize=SMALL - 1, color=INK[0])


def draw_step(axes, step, place, level):
    """Draws one bar; returns where the next change starts, `level` still when the step is absent."""
    value, low, high = number(step.get("value")), number(step.get("low")), number(step.get("high"))
    if value is None:
        write_absent(axes, level, place)
        return level
    start = 0 if step.get("kind") == "total" else level
    residual = step.get("kind") == "residual"
    colour = colour_of(step)
    axes.barh([place], [value], left=[start], height=0.62, color="none" if residual else colour,
              edgecolor=colour, linewidth=0.8 if residual else 0, hatch="////" if residual else None)
    ends = [start, start + value]
    if low is not None and high is not None and low != high:
        ends += [start + low, start + high]
        axes.errorbar([start + value], [place], xerr=[[max(value - low, 0)], [max(high - value, 0)]], ecolor=INK[0],
                      elinewidth=1, capsize=2.5, linestyle="none")
    write_value(axes, step, place, min(ends), max(ends))
    axes.plot([start + value] * 2, [place + 0.31, place + 0.69], color=FAINT[0], linewidth=0.8)
    return start + value


def draw_panel(axes, figure, panel, legend, _width_inches):
    dress(axes, panel.get("title", ""))
    set_values(axes.xaxis, {"label": figure.get("y", {}).get("label", "")})
    level = 0
    steps = panel.get("steps", [])
    for place, step in enumerate(steps):
        level = draw_step(axes, step, place, level)
        legend.interval = legend.interval or (number(step.get("low")) is not None and step["low"] != step.get("high"))
    axes.set_yticks(range(len(steps)))
    axes.set_yticklabels([step.get("label", "") for step in steps], fontsize=SMALL)
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.axvline(0, color=FAINT[0], linewidth=0.8)
    axes.yaxis.grid(False)
    axes.margins(x=0.16)


def entries():
    """(handles, labels) of the colours of a waterfall."""
    return ([patches.Patch(facecolor=COLOURS[0][0]), patches.Patch(facecolor=MORE[0]), patches.Patch(facecolor=LESS[0]),
             patches.Patch(facecolor="none", edgecolor=FAINT[0], hatch="////")],
            ["measured", "adds", "saves", "not attributed"])
