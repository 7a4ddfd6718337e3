#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes RUN/report.html: the report, its figures and the data in one file that needs no network and no script.

Usage: page.py RUN PIECES   exit 0; 3 when a file of the run is malformed; 4 when a package is missing, with its name

PIECES is the report as pieces of HTML, a file that `tare report` makes (analysis/report/html.h); the pictures are in RUN/figures/.
Nothing is computed here, and nothing parsed."""
import base64
import gzip
import json
import pathlib
import shlex
import sys
import xml.etree.ElementTree as tree

# Isolated (-I), Python looks for modules in none of the user's folders, and not beside this file either.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from data import Malformed, absences, load_figures, write_atomically
from palette import dark_rules

try:
    import jinja2
except ImportError as error:
    print(f"the page needs the Debian package python3-jinja2 ({error})", file=sys.stderr)
    sys.exit(4)
from svg_inline import inlined

HERE = pathlib.Path(__file__).resolve().parent
# More than this of compressed data makes the page too heavy to open; it then names the file instead.
EMBEDDED_BYTES_MAX = 1_500_000


def alt_of(figure):
    """What the figure shows, in words: title, panels and series."""
    panels = figure.get("panels", [])
    titles = [panel["title"] for panel in panels if panel.get("title")]
    names = list(dict.fromkeys([series["name"] for panel in panels for series in panel.get("series", [])] +
                               [step["label"] for panel in panels for step in panel.get("steps", [])]))
    return ". ".join(filter(None, [figure.get("title", figure["name"]), f"Panels: {'; '.join(titles)}" if titles else "",
                                   f"Shown: {', '.join(names)}" if names else ""]))


def figure_for_page(run, figure):
    """{name, title, caption, notes, svg}; svg is None where the figure was not drawn, and a note says so."""
    name = figure["name"]
    notes = [*figure.get("notes", []), *absences(figure)]
    svg = None
    try:
        svg = inlined(run / "figures" / f"{name}.svg", name, alt_of(figure))
    except FileNotFoundError:
        if any(panel.get("series") or panel.get("steps") for panel in figure.get("panels", [])):
            notes.append("The figure was not drawn: that needs the Debian package python3-matplotlib.")
    return {"name": name, "title": figure.get("title", name), "finding": figure.get("finding", ""),
            "caption": figure.get("caption", ""), "notes": notes, "svg": svg}


def figures_of(run):
    """{name: figure for the page}."""
    return {figure["name"]: figure_for_page(run, figure) for figure in load_figures(run)}


def download(path, compress):
    """{name, bytes, uri}: the file as a link that holds it; uri is None when it is too large, the whole None when it is missing."""
    if not path.exists():
        return None
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if compress else content
    kind = "application/gzip" if compress else "text/csv"
    uri = f"data:{kind};base64,{base64.b64encode(packed).decode('ascii')}" if len(packed) <= EMBEDDED_BYTES_MAX else None
    return {"name": path.name + (".gz" if compress else ""), "file": path.name, "bytes": len(content), "uri": uri}


def page_of(run, pieces):
    """The page's HTML."""
    environment = json.loads((run / "environment.json").read_text(encoding="utf-8"))
    command = environment.get("command")
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                   undefined=jinja2.StrictUndefined)
    return templates.get_template("page.html.jinja").render(
        environment=environment, environment_text=json.dumps(environment, indent=2, ensure_ascii=False), report=pieces,
        figures=figures_of(run), command=shlex.join(map(str, command)) if isinstance(command, list) else command,
        downloads=list(filter(None, [download(run / "observations.csv", True), download(run / "claims.csv", False)])),
        styles=(HERE / "page.css").read_text(encoding="utf-8"), dark_figures=dark_rules())


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    run = pathlib.Path(arguments[0])
    try:
        pieces = json.loads(pathlib.Path(arguments[1]).read_text(encoding="utf-8"))
        write_atomically(run / "report.html", page_of(run, pieces).encode("utf-8"))
    except (Malformed, tree.ParseError, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1:])
