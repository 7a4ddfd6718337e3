# SPDX-License-Identifier: Apache-2.0
"""The colours of the figures, light and dark, and the style rules that turn one into the other.

Hues are told apart with the common colour blindnesses (after Okabe and Ito), and no figure relies on them alone: the
order of COLOURS goes with that of MARKERS. No drawing here, so that the page can use it without matplotlib."""

# (on light ground, on dark ground); contrast to white and to the page's dark ground is at least 3.
INK = ("#24292f", "#d7dde4")
FAINT = ("#6b747d", "#98a2ad")
GRID = ("#d9dde1", "#3a424b")
PAPER = ("#ffffff", "#14181d")
COLOURS = [
    ("#0b62a4", "#5fb4f0"),  # blue
    ("#c04a00", "#f2935a"),  # vermilion
    ("#007a59", "#35c79d"),  # green
    ("#a03e86", "#e59acb"),  # purple
    ("#8a6500", "#e3bb45"),  # ochre
    ("#4a5a6a", "#aab6c2"),  # slate
]
MARKERS = ["o", "s", "^", "D", "v", "P"]
# Verdicts keep a colour of their own, by its place in COLOURS.
NAMED = {"confirmed": 2, "disproved": 1, "not judged": 5}
# What a step of a waterfall adds, and what it saves.
MORE, LESS = COLOURS[1], COLOURS[2]


def dark_rules():
    """Style rules by which each light colour of an SVG becomes its dark one. They name no ancestor: the copies that <use>
    makes have none that a rule could see.

    The drawing itself stays plain, light attributes, so that a viewer without style sheets shows it too."""
    pairs = dict([INK, FAINT, GRID, PAPER, *COLOURS])
    return "".join(f'[style*="{what}: {light}"]{{{what}:{dark}!important}}'
                   for light, dark in pairs.items() for what in ("fill", "stroke"))
