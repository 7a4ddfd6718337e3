# SPDX-License-Identifier: Apache-2.0
"""The style of each series, and the legend that tells of them: one for all panels of a figure where they share their series, else
one below each panel, so that no two series in sight of each other look alike."""
from matplotlib import lines, patches

from data import number
from palette import COLOURS, FAINT, INK, MARKERS, NAMED
from scales import SMALL

# What fits beside one another below a figure, a key of 9 characters included.
ROW_CHARACTERS = 112
KEY_CHARACTERS = 9


class Legend:
    """The styles of the series that stand together, given in the order of their first use."""

    def __init__(self):
        self.series = []
        self.fitted = False
        self.raw = False
        self.interval = False

    def style(self, name):
        """(colour, marker) of a series."""
        if name not in self.series:
            self.series.append(name)
        index = NAMED.get(name, self.series.index(name))
        return COLOURS[index % len(COLOURS)][0], MARKERS[index % len(MARKERS)]

    def entries(self, kind, first):
        """(handles, labels) for everything that is shown, after those in `first`."""
        shown = dict(zip(first[1], first[0]))
        for name in self.series:
            colour, marker = self.style(name)
            shown[name] = (patches.Patch(facecolor=colour) if kind == "bars" else
                           lines.Line2D([], [], color=colour, marker=marker, markersize=4.5, linewidth=1.3))
        if self.fitted:
            shown["fit"] = lines.Line2D([], [], color=FAINT[0], linewidth=1.3)
        if self.raw:
            shown["one repetition"] = lines.Line2D([], [], color=FAINT[0], marker=".", markersize=4, linestyle="none")
        if self.interval:
            shown["interval"] = lines.Line2D([], [], color=FAINT[0], marker="|", markersize=9, linestyle="none")
        return list(shown.values()), list(shown)

    def draw(self, owner, kind, first=((), ()), place=(0, 0), characters=ROW_CHARACTERS):
        """Puts the legend below `owner`: a figure, which the saved picture grows by, or a panel's axes, which make room for it."""
        handles, labels = self.entries(kind, first)
        if len(labels) > 1:
            owner.legend(handles, labels, loc="upper left", bbox_to_anchor=place, ncol=columns_of(labels, characters), frameon=False,
                         fontsize=SMALL, labelcolor=INK[0], handlelength=2.4, columnspacing=1.6, borderaxespad=0)


def columns_of(labels, characters):
    """How many entries stand beside one another: all of them where they fit, else as many as the longest allows."""
    if sum(len(label) + KEY_CHARACTERS for label in labels) <= characters:
        return len(labels)
    return max(1, characters // (max(map(len, labels)) + KEY_CHARACTERS))


def all_names(panels):
    """The series of all these panels, each once."""
    return list(dict.fromkeys(series["name"] for panel in panels for series in panel.get("series", [])))


def interval(point):
    """([below], [above]) the point's y, for error bars; None where it has none, or one that is the point itself."""
    low, high = number(point.get("low")), number(point.get("high"))
    if low is None or high is None or low == high == point["y"]:
        return None
    return [[max(point["y"] - low, 0)], [max(high - point["y"], 0)]]


def names_of(panel):
    """The categories of a panel, in the order of their first appearance."""
    return list(dict.fromkeys(str(point["x"]) for series in panel["series"] for point in series.get("points", [])))
