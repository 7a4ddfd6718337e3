# SPDX-License-Identifier: Apache-2.0
"""Axes of a panel: scales, ticks and the numbers at them. What is drawn in them is charts.py's."""
import math

from matplotlib import ticker

from palette import FAINT, GRID, INK

BINARY = [(1 << 20, " Mi"), (1 << 10, " Ki"), (1, "")]
DECIMAL = [(10**9, " G"), (10**6, " M"), (10**3, " k"), (1, "")]
# Sizes of text, in points of a figure that is 9 inches wide.
SMALL, NORMAL = 8, 9


def shown(value, units=()):
    """A number as a tick or a bar shows it: 0.05, 12.3, 1 234, or 256 Ki with units."""
    for step, unit in units:
        if abs(value) >= step:
            return f"{value / step:.3g}{unit}"
    if value == 0 or abs(value) < 1000:
        return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")
    return f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace("-", "\N{MINUS SIGN}")


def dress(axes, title):
    """What every panel has: its title, quiet spines, a faint grid behind."""
    axes.set_title(title, loc="left", fontsize=NORMAL, color=INK[0], fontweight="bold")
    axes.set_axisbelow(True)
    axes.patch.set_visible(False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT[0])
    axes.tick_params(colors=FAINT[0], labelcolor=INK[0], labelsize=SMALL, width=0.6, length=3)


def steps_of(span):
    """The ticks of a decade of a logarithmic axis whose ends are `span` times apart: the fewer decades, the more."""
    if span < 8:
        return 1, 1.5, 2, 3, 4, 6, 8
    return (1, 2, 5) if span < 200 else (1,)


def set_values(axis, spec):
    """The axis of the measured quantity, with a grid."""
    axis.set_label_text(spec.get("label", ""), fontsize=SMALL, color=INK[0])
    axis.grid(True, color=GRID[0], linewidth=0.6)
    if spec.get("scale") == "log":
        axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        axis.axes.autoscale_view()
        low, high = axis.get_view_interval()
        axis.set_major_locator(ticker.LogLocator(subs=steps_of(high / low if low > 0 else math.inf)))
        axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: shown(value, DECIMAL)))
        axis.set_minor_locator(ticker.NullLocator())
    else:
        axis.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: shown(value, DECIMAL if abs(value) >= 1e5 else ())))


def set_numbers(axes, spec, numbers, width_inches):
    """The x axis of numbers; on a logarithmic one the ticks are what was measured, where there is room."""
    axes.set_xlabel(spec.get("label", ""), fontsize=SMALL, color=INK[0])
    if spec.get("scale") != "log":
        return
    axes.set_xscale("log")
    numbers = sorted(number for number in set(numbers) if number > 0)
    if not numbers:
        return
    binary = all(number < 1024 or number % 1024 == 0 for number in numbers) and "bytes" in spec.get("label", "")
    span = math.log(numbers[-1] / numbers[0]) or 1.0
    ticks = []
    for number in numbers:
        if not ticks or math.log(number / ticks[-1]) / span * width_inches > 0.42:
            ticks.append(number)
    axes.xaxis.set_major_locator(ticker.FixedLocator(ticks))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    units = BINARY if binary else DECIMAL if numbers[-1] >= 1e5 else ()
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: shown(value, units)))


def set_names(axes, spec, names, width_inches):
    """The x axis of names, slanted where they would touch."""
    axes.set_xlabel(spec.get("label", ""), fontsize=SMALL, color=INK[0])
    axes.set_xticks(range(len(names)))
    crowded = max(len(name) for name in names) * 0.075 * len(names) > width_inches * 0.95
    slanted = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    axes.set_xticklabels(names, fontsize=SMALL, **slanted)
    axes.set_xlim(-0.5, len(names) - 0.5)
