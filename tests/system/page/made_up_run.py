# SPDX-License-Identifier: Apache-2.0
"""Runs to draw: the committed reference run's report and environment, with figures of every kind, or with hostile text."""
import json
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = SOURCE / "analysis" / "report" / "page"
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
        {"name": "latency_percentiles", "title": "Latency", "caption": "", "kind": "lines", "x": {}, "y": {}, "panels": [],
         "notes": ["this run holds no open-loop window"]},
    ]


def copy_of_reference(folder):
    """The reference run in `folder`, without what a report derives from it but report.md and claims.csv."""
    run = pathlib.Path(folder) / "run"
    shutil.copytree(SOURCE / "results" / "reference", run, ignore=shutil.ignore_patterns("figures", "report.html"))
    return run


def write_figures(run, made):
    (run / "figures").mkdir(exist_ok=True)
    (run / "figures" / "data.json").write_text(json.dumps({"schema": 1, "run": "r", "figures": made}), encoding="utf-8")


def make_hostile(run):
    """Puts hostile text wherever data can reach the page, unescaped even where the analysis escapes."""
    environment = json.loads((run / "environment.json").read_text(encoding="utf-8"))
    environment.update(warnings=HOSTILE, command=["tare", "run", *HOSTILE], suite={"name": HOSTILE[0]}, run=HOSTILE[1])
    (run / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
    with open(run / "report.md", "a", encoding="utf-8") as file:
        file.write("\n## Hostile\n\n" + "\n\n".join(HOSTILE) + "\n\n| a |\n|---|\n")
        file.write("".join(f"| {text.replace('|', '/')} |\n" for text in HOSTILE))
        file.write("\n<details><summary>x\" onload=\"hacked=7</summary>\n\n</details>\n\n</details>\n")
    made = figures()
    made[0].update(title=HOSTILE[0], caption=HOSTILE[4], notes=HOSTILE)
    made[0]["panels"][0].update(title=HOSTILE[7])
    made[0]["panels"][0]["series"][0]["name"] = HOSTILE[1]
    write_figures(run, made)


def script(name, run, **environment):
    """A finished run of analysis/report/page/NAME on the folder."""
    return subprocess.run(["/usr/bin/python3", "-B", SCRIPTS / name, run], capture_output=True, text=True, timeout=120, check=False,
                          env=environment or None)


def draw(run):
    for name in ("figures.py", "page.py"):
        done = script(name, run)
        if done.returncode != 0:
            sys.exit(f"{name}: exit code {done.returncode}\n{done.stderr}")
