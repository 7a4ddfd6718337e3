# SPDX-License-Identifier: Apache-2.0
"""A panel of ratios: one line each, a dot with its interval, and a rule at 1, where two are equal."""
from bars import write_absent
from data import drawable, number
from palette import COLOURS, FAINT, INK
from scales import SMALL, dress, set_values


def draw_ratio(axes, figure, point, place, legend):
    if not drawable(figure, point):
        write_absent(axes, 1, place)
        return
    value, low, high = point["y"], number(point.get("low")), number(point.get("high"))
    if low is not None and high is not None:
        axes.errorbar([value], [place], xerr=[[max(value - low, 0)], [max(high - value, 0)]], ecolor=INK[0], elinewidth=1,
                      capsize=2.5, linestyle="none")
        legend.interval = True
    axes.plot([value], [place], marker="o", markersize=4.5, color=COLOURS[0][0], linestyle="none")
    axes.annotate(f"{value:.3g}", (high if high is not None else value, place), textcoords="offset points", xytext=(5, 0),
                  ha="left", va="center", fontsize=SMALL - 1, color=INK[0])


def draw_panel(axes, figure, panel, legend, _width_inches):
    dress(axes, panel.get("title", ""))
    points = [point for series in panel["series"] for point in series.get("points", [])]
    axes.axvline(1, color=FAINT[0], linewidth=1)
    for place, point in enumerate(points):
        draw_ratio(axes, figure, point, place, legend)
    set_values(axes.xaxis, figure.get("y", {}))  # now: a logarithmic axis takes its ticks from what is drawn
    axes.set_yticks(range(len(points)))
    axes.set_yticklabels([str(point.get("x")) for point in points], fontsize=SMALL)
    axes.set_ylim(len(points) - 0.5, -0.5)
    axes.yaxis.grid(False)
    axes.margins(x=0.16)
