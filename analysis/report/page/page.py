#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes RUN/report.html: report.md, the figures and the data in one file that needs no network and no script.

Usage: page.py RUN      exit 0; 3 when a file of the run is malformed; 4 when a package is missing, with its name

The words come from report.md, the pictures from figures/; nothing is computed here."""
import base64
import gzip
import json
import pathlib
import shlex
import sys
import xml.etree.ElementTree as tree

from data import Malformed, absences, load_figures, write_atomically
from palette import dark_rules

try:
    import jinja2
except ImportError as error:
    print(f"the page needs the Debian package python3-jinja2 ({error})", file=sys.stderr)
    sys.exit(4)
try:
    from report_html import convert
except ImportError as error:
    print(f"the page needs the Debian packages python3-markdown-it and python3-mdit-py-plugins ({error})", file=sys.stderr)
    sys.exit(4)

from svg_inline import inlined

HERE = pathlib.Path(__file__).resolve().parent
# The section that a figure belongs to: the first of these headings that the report has.
PLACES = {
    "ladder_counts": ["Both Ladders"],
    "completions_per_wait": ["Amortisation"],
    "syscalls_over_connections": ["Amortisation"],
    "cpu_over_value_size": ["Runtime Comparison Summary", "Time per Request"],
    "latency_percentiles": ["Time per Request"],
    "waterfall": ["Waterfall", "Attribution", "Current Bottleneck"],
    "claims": ["Claims checked"],
}
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
    return {"name": name, "title": figure.get("title", name), "caption": figure.get("caption", ""), "notes": notes, "svg": svg}


def figures_of(run):
    """(figures for the page, why there are none)."""
    try:
        return [figure_for_page(run, figure) for figure in load_figures(run)], None
    except FileNotFoundError:
        return [], "This run has no figures: its report was written without figures/data.json."


def placed(figures, titles):
    """{title of a section: its figures}; those without a place in this report are under None."""
    at = {}
    for figure in figures:
        title = next((title for place in PLACES.get(figure["name"], []) for title in titles if title.startswith(place)), None)
        at.setdefault(title, []).append(figure)
    return at


def download(path, compress):
    """{name, bytes, uri}: the file as a link that holds it; uri is None when it is too large, the whole None when it is missing."""
    if not path.exists():
        return None
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if compress else content
    kind = "application/gzip" if compress else "text/csv"
    uri = f"data:{kind};base64,{base64.b64encode(packed).decode('ascii')}" if len(packed) <= EMBEDDED_BYTES_MAX else None
    return {"name": path.name + (".gz" if compress else ""), "file": path.name, "bytes": len(content), "uri": uri}


def after_first_paragraph(tokens):
    """Where figures go in a section: behind its heading and the paragraph that follows it."""
    closes = [index for index, token in enumerate(tokens) if token.type == "heading_close"]
    if not closes:
        return 0
    start = closes[0] + 1
    return start + 3 if [token.type for token in tokens[start:start + 1]] == ["paragraph_open"] else start


def page_of(run):
    """The page's HTML."""
    environment = json.loads((run / "environment.json").read_text(encoding="utf-8"))
    sections, render = convert((run / "report.md").read_text(encoding="utf-8"))
    figures, no_figures = figures_of(run)
    at = placed(figures, [section.title for section in sections[1:]])
    parts = []
    for section in sections[1:]:
        cut = after_first_paragraph(section.tokens)
        parts.append({"title": section.title, "anchor": section.anchor, "parts": section.parts, "figures": at.get(section.title, []),
                      "head": render(section.tokens[:cut]), "body": render(section.tokens[cut:])})
    lead, warnings = lead_of(sections[0], environment, render)
    command = environment.get("command")
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                   undefined=jinja2.StrictUndefined)
    return templates.get_template("page.html.jinja").render(
        environment=environment, environment_text=json.dumps(environment, indent=2, ensure_ascii=False), title=title_of(sections[0]),
        lead=lead, warnings=warnings, sections=parts, loose_figures=at.get(None, []), no_figures=no_figures,
        command=shlex.join(map(str, command)) if isinstance(command, list) else command,
        downloads=list(filter(None, [download(run / "observations.csv", True), download(run / "claims.csv", False)])),
        styles=(HERE / "page.css").read_text(encoding="utf-8"), dark_figures=dark_rules())


def title_of(lead):
    """The report's first heading."""
    return next((lead.tokens[index + 1].content for index, token in enumerate(lead.tokens) if token.tag == "h1"), "Report")


def lead_of(lead, environment, render):
    """(HTML of the verdict, the warnings). Warnings stand once, apart: report.md quotes them in its lead."""
    warnings = list(map(str, environment.get("warnings", [])))
    verdict, inside, quote = [], 0, False
    for token in lead.tokens:
        inside += {"heading_open": 1, "heading_close": -1}.get(token.type, 0)
        quote = token.type == "blockquote_open" or (quote and token.type != "blockquote_close")
        told = warnings and (quote or token.type == "blockquote_close")
        if not inside and token.type != "heading_close" and not told:
            verdict.append(token)
    return render(verdict), warnings


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    run = pathlib.Path(arguments[0])
    try:
        write_atomically(run / "report.html", page_of(run).encode("utf-8"))
    except (Malformed, tree.ParseError, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1:])
