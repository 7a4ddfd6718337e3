# SPDX-License-Identifier: Apache-2.0
"""The figures: the same bytes each time, nothing where nothing was measured, and refusals that say what is wrong."""
import pathlib
import sys
import tempfile
import unittest

import made_up_run as made_up

sys.path.insert(0, str(made_up.SCRIPTS))
import data
import figures
import svg_inline
from palette import COLOURS


def pictures_in(run):
    return {path.name: path.read_bytes() for path in sorted((run / "figures").iterdir()) if path.suffix != ".json"}


class Figures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-test-")
        self.addCleanup(folder.cleanup)
        self.run_folder = made_up.copy_of_reference(folder.name)

    def drawn(self, made):
        made_up.write_figures(self.run_folder, made)
        done = made_up.script("figures.py", self.run_folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return pictures_in(self.run_folder)

    def test_every_kind_is_drawn_and_an_empty_figure_is_not(self):
        self.assertEqual(set(self.drawn(made_up.figures())),
                         {f"{name}.{suffix}" for suffix in ("svg", "png") for name in
                          ("ladder_counts", "cpu_over_value_size", "syscalls_over_connections", "waterfall", "claims")})

    def test_the_same_bytes_each_time(self):
        first = self.drawn(made_up.figures())
        self.assertEqual(first, self.drawn(made_up.figures()))
        self.assertNotIn(b"<dc:date>", first["claims.svg"])

    def test_an_absent_point_is_a_gap_and_a_note(self):
        figure = made_up.figures()[0]
        axes = figures.draw(figure).axes[0]
        joined = max(axes.get_lines(), key=lambda line: len(line.get_xdata()))
        heights = joined.get_ydata()
        self.assertEqual([str(y) for y in heights], ["6", "5", "nan", "0"] if heights.dtype == object else ["6.0", "5.0", "nan", "0.0"])
        self.assertIn("one, epoll/level: absent at get_into.", data.absences(figure))

    def test_what_a_logarithmic_axis_cannot_show_is_a_note(self):
        figure = made_up.figures()[1]
        figure["panels"][0]["series"][0]["points"][1]["y"] = 0
        self.assertTrue(any("not above 0" in note for note in data.absences(figure)))
        self.drawn([figure])

    def test_absent_steps_and_bars_are_written_as_that(self):
        for figure in made_up.figures()[3:5]:
            texts = [text.get_text() for text in figures.draw(figure).axes[0].texts]
            self.assertEqual(sum("absent" in text for text in texts), 1, texts)
            self.assertEqual(len(data.absences(figure)), 1)

    def test_a_marked_point_has_a_ring_and_an_entry_in_the_legend(self):
        figure = made_up.figures()[1]
        marked = figures.draw(figure)
        self.assertIn("client-bound", [text.get_text() for text in marked.legends[0].get_texts()])
        rings = [line for line in marked.axes[0].get_lines() if line.get_markerfacecolor() == "none"]
        self.assertEqual(len(rings), 1)

    def test_an_exact_count_has_no_interval(self):
        figure = made_up.figures()[4]
        for _, _, point in data.all_points(figure):
            point.update(low=point["y"], high=point["y"])
        self.assertNotIn("interval", [text.get_text() for text in figures.draw(figure).legends[0].get_texts()])
        next(data.all_points(figure))[2]["low"] -= 1
        self.assertIn("interval", [text.get_text() for text in figures.draw(figure).legends[0].get_texts()])

    def test_raw_values_stand_beside_their_median(self):
        axes = figures.draw(made_up.figures()[1]).axes[0]
        raw = [list(line.get_ydata()) for line in axes.get_lines() if line.get_alpha()]
        self.assertIn([4000 * 0.88, 4000, 4000 * 1.13], raw)

    def test_text_does_not_touch(self):
        for figure in made_up.figures()[:5]:
            drawing = figures.draw(figure)
            renderer = drawing.canvas.get_renderer()
            drawing.draw(renderer)
            for axes in drawing.axes:
                labels = [label for axis in (axes.xaxis, axes.yaxis) for label in axis.get_ticklabels()
                          if label.get_text() and not label.get_rotation()]
                boxes = [label.get_window_extent(renderer) for label in labels] + [axes.title.get_window_extent(renderer)]
                for index, box in enumerate(boxes):
                    self.assertFalse(any(box.overlaps(other) for other in boxes[index + 1:] if other.width), figure["name"])

    def test_malformed_data_is_refused_by_name(self):
        for text in ("", "[]", '{"schema": 2, "figures": []}', '{"schema": 1, "figures": [{"name": "../a", "kind": "lines"}]}',
                     '{"schema": 1, "figures": [{"name": "a", "kind": "pie", "panels": [{"series": [{}]}]}]}'):
            (self.run_folder / "figures").mkdir(exist_ok=True)
            (self.run_folder / "figures" / "data.json").write_text(text, encoding="utf-8")
            done = made_up.script("figures.py", self.run_folder)
            self.assertEqual(done.returncode, 3, text)
            self.assertNotIn("Traceback", done.stderr)
            self.assertTrue("data.json" in done.stderr or "pie" in done.stderr, done.stderr)

    def test_a_missing_package_is_named(self):
        made_up.write_figures(self.run_folder, made_up.figures())
        for script, module, package in (("figures.py", "matplotlib", "python3-matplotlib"), ("page.py", "jinja2", "python3-jinja2"),
                                        ("page.py", "markdown_it", "python3-markdown-it"),
                                        ("page.py", "mdit_py_plugins", "python3-mdit-py-plugins")):
            with self.subTest(module), tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / f"{module}.py").write_text(f"raise ImportError('no {module}')\n", encoding="utf-8")
                done = made_up.script(script, self.run_folder, PYTHONPATH=folder)
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn(package, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertFalse((self.run_folder / "report.html").exists())

    def test_an_svg_brings_nothing_but_shapes_into_the_page(self):
        path = self.run_folder / "a.svg"
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><style>a{}</style>'
                        '<a href="http://192.0.2.1/"><path d="M0 0"/></a><path id="p" d="M1 1" style="fill: url(http://192.0.2.1/)"/>'
                        '<image href="http://192.0.2.1/"/><use href="#p"/></svg>', encoding="utf-8")
        text = svg_inline.inlined(path, "name", 'alt "text"')
        self.assertEqual(text, '<svg role="img" aria-label="alt &quot;text&quot;"><path id="name-p" d="M1 1" />'
                               '<use href="#name-p" /></svg>')

    def test_colours_are_told_apart_on_both_grounds(self):
        def luminance(colour):
            parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
            return sum(weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
                       for weight, part in zip((0.2126, 0.7152, 0.0722), parts))
        for light, dark in COLOURS:
            self.assertGreaterEqual(1.05 / (luminance(light) + 0.05), 4.5, light)
            self.assertGreaterEqual((luminance(dark) + 0.05) / (luminance("#14181d") + 0.05), 4.5, dark)


if __name__ == "__main__":
    unittest.main()
