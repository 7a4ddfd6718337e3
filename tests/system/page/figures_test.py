# SPDX-License-Identifier: Apache-2.0
"""The figures: the same bytes each time, nothing where nothing was measured, and refusals that say what is wrong."""
import pathlib
import re
import sys
import tempfile
import unittest

import made_up_run as made_up

sys.path.insert(0, str(made_up.SCRIPTS))
import data
import figures
import svg_inline
from palette import COLOURS, MARKERS


def pictures_in(run):
    return {path.name: path.read_bytes() for path in sorted((run / "figures").iterdir()) if path.suffix != ".json"}


class Figures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-test-")
        self.addCleanup(folder.cleanup)
        self.addCleanup(figures.pyplot.close, "all")
        self.run_folder = made_up.copy_of_reference(folder.name)

    def drawn(self, made):
        made_up.write_figures(self.run_folder, made)
        done = made_up.script("figures.py", self.run_folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return pictures_in(self.run_folder)

    def test_every_kind_is_drawn_and_an_empty_figure_is_not(self):
        self.assertEqual(set(self.drawn(made_up.figures())),
                         {f"{name}.{suffix}" for suffix in ("svg", "png") for name in
                          ("ladder_counts", "cpu_over_value_size", "syscalls_over_connections", "waterfall", "claims",
                           "contrasts")})

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
        for figure in made_up.figures()[3:6]:
            texts = [text.get_text() for text in figures.draw(figure).axes[0].texts]
            self.assertEqual(sum("absent" in text for text in texts), 1, texts)
            self.assertEqual(len(data.absences(figure)), 1)

    def test_a_ratio_has_a_rule_at_one_and_its_interval(self):
        axes = figures.draw(made_up.figures()[5]).axes[0]
        self.assertTrue(any(list(line.get_xdata()) == [1, 1] for line in axes.get_lines()))
        ends = [collection.get_segments()[0][:, 0].tolist() for collection in axes.collections]
        self.assertEqual([[round(end, 6) for end in pair] for pair in ends], [[0.72, 0.88]])

    def test_a_validity_flag_is_not_drawn_over_the_data(self):
        figure = made_up.figures()[1]
        flagged = figures.pictures(figure)
        for _, _, point in data.all_points(figure):
            point.pop("marks", None)
        self.assertEqual(flagged, figures.pictures(figure))

    def test_each_series_has_a_colour_and_a_marker_of_its_own(self):
        figure = made_up.with_series(len(COLOURS))
        drawing = figures.draw(figure)
        styles = {(line.get_color(), line.get_marker()) for line in drawing.legends[0].get_lines() if line.get_marker() != "|"}
        self.assertEqual(len({colour for colour, _ in styles}), len(COLOURS))
        self.assertEqual(len({marker for _, marker in styles}), len(COLOURS))

    def test_there_is_a_style_for_each_series_that_the_analysis_has_drawn(self):
        text = (made_up.SOURCE / "analysis" / "report" / "chart.h").read_text(encoding="utf-8")
        drawn = int(re.search(r"drawn_series_max = (\d+);", text)[1])
        self.assertEqual((len(COLOURS), len(MARKERS)), (drawn, drawn))

    def test_more_series_than_styles_have_a_legend_for_each_row_or_panel(self):
        figure = made_up.with_series(len(COLOURS))
        other = made_up.with_series(len(COLOURS), "other")
        for panels, legends in (([figure, figure, other, other], 2), ([figure, other], 2), ([figure, figure], 1)):
            figure["panels"] = [each["panels"][0] for each in panels]
            drawing = figures.draw(figure)
            owned = [axes.get_legend() for axes in drawing.axes if axes.get_legend()] + drawing.legends
            self.assertEqual(len(owned), legends)
            for legend in owned:
                names = [text.get_text() for text in legend.get_texts()]
                self.assertEqual(len(names), len(set(names)))
                self.assertLessEqual(sum("/" in name for name in names), len(COLOURS))

    def test_a_fit_is_a_line_without_dashes_and_its_points_are_not_joined(self):
        figure = made_up.figures()[2]
        drawn = [line for line in figures.draw(figure).axes[0].get_lines() if len(line.get_xdata()) == len(made_up.VALUES)
                 and line.get_linestyle() != "None"]
        self.assertEqual([line.get_linestyle() for line in drawn], ["-"])

    def test_repetitions_are_left_out_where_they_would_fill_the_panel_or_are_the_median(self):
        for panel, shown in ((made_up.with_series(4), True), (made_up.with_series(5), False)):
            names = [text.get_text() for text in figures.draw(panel).legends[0].get_texts()]
            self.assertEqual("one repetition" in names, shown, names)
        figure = made_up.with_series(2)
        for _, _, point in data.all_points(figure):
            point["raw"] = point["raw"][:1]
        self.assertNotIn("one repetition", [text.get_text() for text in figures.draw(figure).legends[0].get_texts()])

    def test_a_short_logarithmic_axis_has_more_than_two_ticks(self):
        figure = made_up.with_series(1)
        figure["panels"] = figure["panels"][:1]
        figure["panels"][0]["series"][0]["points"] = [{"x": 1, "y": 2}, {"x": 4, "y": 6}]
        drawing = figures.draw(figure)
        drawing.canvas.draw()
        low, high = drawing.axes[0].get_ylim()
        self.assertGreater(len([tick for tick in drawing.axes[0].get_yticks() if low <= tick <= high]), 2)

    def test_each_part_of_a_stack_has_its_number(self):
        figure = made_up.figures()[4]
        points = [{"x": f"section {at}", "y": at % 2 * 10} for at in range(50)]
        figure["panels"][0]["series"] = [{"name": "confirmed", "stack": True, "points": points}]
        numbers = [text.get_text() for text in figures.draw(figure).axes[0].texts]
        self.assertEqual(numbers, ["10"] * 25)

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
        for script, module, package in (("figures.py", "matplotlib", "python3-matplotlib"), ("page.py", "jinja2", "python3-jinja2")):
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
