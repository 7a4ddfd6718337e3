# SPDX-License-Identifier: Apache-2.0
"""figures/data.json as the charts and the page read it: checked, and with what cannot be drawn told apart from what can.

An absent value (null, missing) is never a number here; absences() says in words what is not drawn."""
import json
import math
import os
import pathlib
import sys

SCHEMA = 1


def tell_in_one_line(kind, error, _traceback):
    """What ends a script unforeseen: its user knows nothing of the sources that a traceback names."""
    print(f"{pathlib.Path(sys.argv[0]).name}: {kind.__name__}: {error}", file=sys.stderr)


sys.excepthook = tell_in_one_line


class Malformed(Exception):
    """data.json has another form than schema 1."""


def load_figures(run):
    """The figures of the run's folder `run`, a list of dicts; raises Malformed, or OSError when there is no file."""
    path = pathlib.Path(run) / "figures" / "data.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Malformed(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("figures"), list):
        raise Malformed(f"{path}: schema {SCHEMA} with a list of figures is expected")
    names = [figure.get("name") for figure in data["figures"] if isinstance(figure, dict)]
    for name in names:
        if not isinstance(name, str) or not name.replace("_", "").isalnum() or not name.isascii():
            raise Malformed(f"{path}: '{name}' is no name of a figure")
    if len(set(names)) != len(data["figures"]):
        raise Malformed(f"{path}: figures need names that differ")
    return data["figures"]


def number(value):
    """`value` where it is a finite number, else None."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return value if good else None


def all_points(figure):
    """(panel, series, point) of everything in the figure."""
    for panel in figure.get("panels", []):
        for series in panel.get("series", []):
            for point in series.get("points", []):
                yield panel, series, point


def drawable(figure, point):
    """Whether the point has a place: a y that its axis can show, and an x."""
    y, x = number(point.get("y")), point.get("x")
    if y is None or x is None:
        return False
    on_log_y = figure.get("y", {}).get("scale") == "log"
    on_log_x = figure.get("x", {}).get("scale") == "log"
    return not (on_log_y and y <= 0) and not (on_log_x and (number(x) or 0) <= 0)


def absences(figure):
    """One sentence for each series or step of which something is not drawn."""
    missing = {}
    for panel, series, point in all_points(figure):
        if not drawable(figure, point):
            why = "absent" if number(point.get("y")) is None else "not above 0, which a logarithmic axis cannot show"
            place = ", ".join(filter(None, [panel.get("title"), series.get("name")]))
            missing.setdefault((place, why), []).append(str(point.get("x")))
    sentences = [f"{place}: {why} at {', '.join(at)}." for (place, why), at in missing.items()]
    for panel in figure.get("panels", []):
        for step in panel.get("steps", []):
            if number(step.get("value")) is None:
                place = ", ".join(filter(None, [panel.get("title"), step.get("label")]))
                sentences.append(f"{place}: absent; the next step starts where it would have.")
    return sentences


def write_atomically(path, content):
    """Writes bytes under a temporary name, syncs and renames, so that no half file is ever seen."""
    path = pathlib.Path(path)
    temporary = path.with_name(f".{path.name}.partial")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
