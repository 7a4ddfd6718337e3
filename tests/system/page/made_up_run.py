# SPDX-License-Identifier: Apache-2.0
"""Runs to draw: what the committed reference run measured, figures of every kind, and hostile text."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = SOURCE / "analysis" / "report" / "page"
MEASURED = ("observations.csv", "environment.json", "histograms.csv", "call_sites.folded")
VALUES = [64, 1024, 16384, 262144]

HOSTILE = ["<script>hacked = 1</script>", "</style><script>hacked = 2</script>", "[x](javascript:hacked=3)", '" onload="hacked=4',
           "<img src=http://192.0.2.1/a.png onerror=hacked=5>", "![x](http://192.0.2.1/b.png)", "<details open ontoggle=hacked=6>",
           "{{ hacked }} $\\frac{1}$ <!-- -->"]


def point(x, y, **more):
    return {"x": x, "y": y, "low": y * 0.9, "high": y * 1.1, "raw": [y * 0.88, y, y * 1.13], **more}


def lines(name, x, y, series, **panel):
    return {"name": name, "title": name.replace("_", " "), "caption": f"What {name} shows.", "kind": "lines", "notes": [],
            "x": x, "y": y, "panels": [{"title": "one", "series": series, **panel}, {"title": "two", "series": series}]}


def figures():
    """Every kind of chart, with what a real one may have: marks, gaps, fits, places on the x axis, nothing at all."""
    size, cpu = {"label": "value, bytes", "scale": "log"}, {"label": "server CPU per request, ns", "scale": "log"}
    rungs = [{"x": rung, "y": y} for rung, y in (("as_described", 6), ("in_place_input", 5), ("get_into", None), ("direct_reply", 0))]
    mixed = [point(64, 4000, marks=["client_bound"]), point(1024, 4300), {"x": 16384, "y": None}, point(262144, 60000)]
    steps = [("as described", 3600, "total"), ("copies", -400, "change"), ("wait", 90, "change"), ("queue operations", None, "change"),
             ("residual", -300, "residual"), ("ideal", 2990, "total")]
    sections = ["Summary Table", "Breakdown by Operation: GET (Small Value, Cache Hit)"]
    verdicts = {"confirmed": [12, 8], "disproved": [6, None]}
    return [
        lines("ladder_counts", {"label": "rung", "scale": "category"}, {"label": "per request", "scale": "linear"},
              [{"name": "epoll/level", "points": rungs}]),
        lines("cpu_over_value_size", size, cpu, [{"name": "epoll/level/as_described", "points": mixed}],
              lines=[{"x": 9000, "low": 1024, "high": 16384, "label": "crossover"}]),
        lines("syscalls_over_connections", {"label": "connections", "scale": "log"}, {"label": "per request", "scale": "linear"},
              [{"name": "uring/oneshot", "points": [point(x, 2 / x) for x in VALUES], "curve": [[x, 2 / x] for x in VALUES]}]),
        {"name": "waterfall", "title": "From as described to ideal", "caption": "", "kind": "waterfall", "x": {"label": ""},
         "y": {"label": "CPU per request, ns", "scale": "linear"}, "notes": [],
         "panels": [{"title": "io_uring", "steps": [{"label": label, "value": value, "kind": kind, "low": None, "high": None}
                                                    for label, value, kind in steps]}]},
        {"name": "claims", "title": "Verdicts", "caption": "", "kind": "bars", "x": {"label": "", "scale": "category"},
         "y": {"label": "claims", "scale": "linear"}, "notes": [],
         "panels": [{"title": "", "series": [{"name": name, "stack": True, "points": [{"x": x, "y": y} for x, y in zip(sections, ys)]}
                                             for name, ys in verdicts.items()]}]},
        {"name": "contrasts", "title": "Servers in turn", "caption": "", "kind": "ratios", "x": {"label": "", "scale": "category"},
         "y": {"label": "times the CPU of a request", "scale": "log"}, "notes": [],
         "panels": [{"title": "", "series": [{"name": "", "points": [point("a: epoll/ideal", 0.8), {"x": "b: uring/ideal", "y": None}]}]}]},
        {"name": "latency_percentiles", "title": "Latency", "caption": "", "kind": "lines", "x": {}, "y": {}, "panels": [],
         "notes": ["this run holds no open-loop window"]},
    ]


def with_series(count, name="server"):
    """A chart of lines, of two panels with so many series."""
    series = [{"name": f"{name}/{at}", "points": [point(1, 10 + at), point(4, 20 + at)]} for at in range(count)]
    return lines("many", {"label": "connections", "scale": "log"}, {"label": "per request", "scale": "log"}, series)


def copy_of_reference(folder):
    """The reference run in `folder`, with what was measured alone."""
    run = pathlib.Path(folder) / "run"
    run.mkdir(parents=True)
    lines = (SOURCE / "results" / "reference" / "COMPLETE").read_text(encoding="utf-8").splitlines(keepends=True)
    measured = [line for line in lines if line.split()[1] in MEASURED]
    for line in measured:
        shutil.copy(SOURCE / "results" / "reference" / line.split()[1], run)
    (run / "COMPLETE").write_text("".join(measured), encoding="utf-8")
    return run


def complete(run):
    """Sums anew what was measured, after a test has changed it."""
    sums = [f"{hashlib.sha256((run / name).read_bytes()).hexdigest()}  {name}\n" for name in MEASURED if (run / name).exists()]
    (run / "COMPLETE").write_text("".join(sums), encoding="utf-8")


def write_figures(run, made):
    (run / "figures").mkdir(exist_ok=True)
    (run / "figures" / "data.json").write_text(json.dumps({"schema": 1, "run": "r", "figures": made}), encoding="utf-8")


def write_pieces(run, made, text="<p>Text.</p>"):
    """A page of one section that holds these figures; its path."""
    html = [f'<h2 id="s-one">One</h2>{text}', *({"figure": figure["name"]} for figure in made)]
    pieces = {"title": "Made up", "lead": ["<p>Lead.</p>"], "notes": "",
              "sections": [{"id": "s-one", "title": "One", "parts": [], "html": html}]}
    path = run.parent / "pieces.json"
    path.write_text(json.dumps(pieces), encoding="utf-8")
    return path


def make_hostile(run):
    """Puts hostile text wherever a run's data can hold any."""
    environment = json.loads((run / "environment.json").read_text(encoding="utf-8"))
    environment.update(warnings=HOSTILE, command=["tare", "run", *HOSTILE], suite={"name": HOSTILE[0], "case_study": "overhead-analysis"})
    environment["server_settings"] = {text: text for text in HOSTILE}
    environment["machine"] = {text: text for text in HOSTILE}
    environment["probes"] = [{"name": text, "source": text, "status": f"absent:{text}"} for text in HOSTILE]
    (run / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
    complete(run)


def script(name, run, *more, **environment):
    """A finished run of analysis/report/page/NAME on the folder."""
    return subprocess.run(["/usr/bin/python3", "-B", SCRIPTS / name, run, *more], capture_output=True, text=True, timeout=120,
                          check=False, env=environment or None)


def draw(run, made):
    """Figures and page of made-up data."""
    write_figures(run, made)
    for name, more in (("figures.py", []), ("page.py", [write_pieces(run, made)])):
        done = script(name, run, *more)
        if done.returncode != 0:
            sys.exit(f"{name}: exit code {done.returncode}\n{done.stderr}")


def report(run):
    """`tare report` on the folder."""
    program = pathlib.Path(os.environ["TARE_BUILD"]) / "tare"
    done = subprocess.run([program, "report", run], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        sys.exit(f"tare report: exit code {done.returncode}\n{done.stderr}")
