# SPDX-License-Identifier: Apache-2.0
"""What the panels of one figure have in common: the style of each series, the marks, and the legend that tells of them."""
from matplotlib import lines, patches

from data import number
from palette import COLOURS, DASHES, FAINT, INK, MARKERS, NAMED
from scales import SMALL

RINGS = ["o", "s", "D", "^"]
# What fits beside one another below a figure, a key of 9 characters included.
ROW_CHARACTERS = 112


class Legend:
    """The styles of a figure's series and marks, given in the order of their first use; the same in all its panels."""

    def __init__(self):
        self.series = []
        self.marks = []
        self.fitted = False
        self.raw = False
        self.interval = False

    def style(self, name):
        """(colour, marker, dashes) of a series."""
        if name not in self.series:
            self.series.append(name)
        index = NAMED.get(name, self.series.index(name))
        return COLOURS[index % len(COLOURS)][0], MARKERS[index % len(MARKERS)], DASHES[index // len(COLOURS) % len(DASHES)]

    def ring(self, mark):
        """The shape that is drawn around the points with a mark."""
        if mark not in self.marks:
            self.marks.append(mark)
        return RINGS[self.marks.index(mark) % len(RINGS)]

    def entries(self, kind, first):
        """(handles, labels) for everything that the figure shows, after those in `first`."""
        shown = dict(zip(first[1], first[0]))
        for name in self.series:
            colour, marker, dashes = self.style(name)
            shown[name] = (patches.Patch(facecolor=colour) if kind == "bars" else
                           lines.Line2D([], [], color=colour, marker=marker, markersize=4.5, linestyle=dashes, linewidth=1.3))
        if self.fitted:
            shown["fit"] = lines.Line2D([], [], color=FAINT[0], linestyle=(0, (4, 2)), linewidth=1)
        if self.raw:
            shown["one repetition"] = lines.Line2D([], [], color=FAINT[0], marker=".", markersize=4, linestyle="none")
        if self.interval:
            shown["interval"] = lines.Line2D([], [], color=FAINT[0], marker="|", markersize=9, linestyle="none")
        for mark in self.marks:
            shown[mark.replace("_", "-")] = lines.Line2D([], [], marker=self.ring(mark), markersize=8, linestyle="none",
                                                         markerfacecolor="none", markeredgecolor=INK[0], markeredgewidth=0.9)
        return list(shown.values()), list(shown)

    def draw(self, figure, kind, first=((), ())):
        """Puts the legend below the figure's panels, which the saved picture grows by."""
        handles, labels = self.entries(kind, first)
        if len(labels) > 1 or self.marks:
            in_one_row = sum(len(label) + 9 for label in labels) <= ROW_CHARACTERS
            columns = len(labels) if in_one_row else max(1, ROW_CHARACTERS // (max(map(len, labels)) + 9))
            figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0, 0), ncol=columns, frameon=False, fontsize=SMALL,
                          labelcolor=INK[0], handlelength=2.4, columnspacing=1.6)


def interval(point):
    """([below], [above]) the point's y, for error bars; None where it has none, or one that is the point itself."""
    low, high = number(point.get("low")), number(point.get("high"))
    if low is None or high is None or low == high == point["y"]:
        return None
    return [[max(point["y"] - low, 0)], [max(high - point["y"], 0)]]


def names_of(panel):
    """The categories of a panel, in the order of their first appearance."""
    return list(dict.fromkeys(str(point["x"]) for series in panel["series"] for point in series.get("points", [])))
