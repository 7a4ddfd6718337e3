# SPDX-License-Identifier: Apache-2.0
"""The page as a browser shows it: at any width, on light and dark ground, without script and without network."""
import base64
import gzip
import re

import browser
import made_up_run as made_up

# For each text that is seen: its contrast to the ground that it stands on, where that is less than 4.5.
POOR_CONTRAST = """
const channel = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const luminance = p => 0.2126 * channel(p[0]) + 0.7152 * channel(p[1]) + 0.0722 * channel(p[2]);
const ground = e => { for (; e; e = e.parentElement) { const p = parts(getComputedStyle(e).backgroundColor);
                      if (p.length < 4 || p[3] > 0) return p; } return [255, 255, 255]; };
const poor = []; let seen = 0;
for (const e of document.body.querySelectorAll('*')) {
  if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const a = luminance(parts(getComputedStyle(e).color)), b = luminance(ground(e));
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  ++seen;
  if (contrast < 4.5) poor.push([e.tagName, e.className, contrast, e.textContent.slice(0, 30)]);
}
return [seen, poor];
"""


class Page(browser.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_folder = cls.new_run("page")
        made_up.report(cls.run_folder)
        cls.page = cls.run_folder / "report.html"
        cls.drawn = cls.new_run("drawn")
        made_up.draw(cls.drawn, made_up.figures())

    def test_no_sideways_scrolling_of_the_page(self):
        for width in (400, 1400):
            self.browser.show(self.page, width)
            self.browser.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
            scroll, client = self.browser.evaluate("const r = document.documentElement; return [r.scrollWidth, r.clientWidth]")
            self.assertLessEqual(scroll, client, f"at {width}")

    def test_nothing_is_asked_for_and_the_console_is_silent(self):
        self.browser.requested()
        self.browser.said()
        self.browser.show(self.page, 1400)
        self.assertEqual(self.browser.requested(), [self.page.as_uri()])
        self.assertEqual(self.browser.said(), [])

    def test_the_same_headings_without_script(self):
        self.browser.show(self.page, 1400)
        with_script = self.browser.headings()
        self.browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.show(self.page, 1400)
            self.assertEqual(self.browser.headings(), with_script)
        finally:
            self.browser.ask("Emulation.setScriptExecutionDisabled", value=False)
        wanted = re.findall(r"^## (.+)$", (self.run_folder / "report.md").read_text(encoding="utf-8"), re.M)
        wanted = [re.sub(r"[\\`*]", "", name) for name in wanted if name != "Details"]
        shown = [name for level, name in with_script if level == 2]
        self.assertEqual([name for name in shown if name in wanted], wanted)
        self.assertEqual([name for level, name in with_script if level == 1], ["What the reference servers add to a request"])

    def test_contrast_on_both_grounds(self):
        grounds = set()
        for dark in (False, True):
            self.browser.show(self.page, 1400, dark)
            seen, poor = self.browser.evaluate(POOR_CONTRAST)
            self.assertGreater(seen, 100)
            self.assertEqual(poor, [], "dark" if dark else "light")
            grounds.add(self.browser.evaluate("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(grounds), 2)

    def test_a_figure_stands_in_its_section_with_what_it_shows(self):
        self.browser.show(self.page, 1400)
        place = self.browser.evaluate("return document.querySelector('#figure-claims').closest('section').querySelector('h2').id")
        self.assertEqual(place, "s-claims-checked")
        self.assertRegex(self.browser.evaluate("return document.querySelector('#figure-claims figcaption').innerText"),
                         r"Of \d+ judgements \d+ confirm the document")

    def test_figures_are_named_and_turn_with_the_ground(self):
        for dark in (False, True):
            self.browser.show(self.drawn / "report.html", 1400, dark)
            names = self.browser.evaluate("return [...document.querySelectorAll('svg')].map(e => e.getAttribute('aria-label'))")
            self.assertEqual(len(names), 6)
            self.assertTrue(all(names))
            ink = self.browser.evaluate("const e = document.querySelector('#figure-claims svg [style*=\"fill: #24292f\"]');"
                                        "return getComputedStyle(e).fill")
            self.assertEqual(ink, "rgb(215, 221, 228)" if dark else "rgb(36, 41, 47)")
        note = self.browser.evaluate("return document.querySelector('#figure-latency_percentiles').innerText")
        self.assertIn("is not drawn", note)
        self.assertIn("this run holds no open-loop window", note)

    def test_the_data_inside_is_the_run_s(self):
        self.browser.show(self.page, 1400)
        uri = self.browser.evaluate("return document.querySelector('a[download=\"observations.csv.gz\"]').href")
        self.assertEqual(gzip.decompress(base64.b64decode(uri.split(",")[1])), (self.run_folder / "observations.csv").read_bytes())
        uri = self.browser.evaluate("return document.querySelector('a[download=\"claims.csv\"]').href")
        self.assertEqual(base64.b64decode(uri.split(",")[1]), (self.run_folder / "claims.csv").read_bytes())

    def test_links_inside_lead_somewhere_and_ids_differ(self):
        self.browser.show(self.page, 1400)
        self.assertEqual(self.browser.evaluate("""
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id), wrong = ids.filter((id, at) => ids.indexOf(id) !== at);
            for (const e of document.querySelectorAll('a[href^="#"], use'))
              if (!document.getElementById(e.getAttribute('href').slice(1))) wrong.push(e.getAttribute('href'));
            return wrong"""), [])

    def test_the_same_bytes_each_time(self):
        before = self.page.read_bytes()
        made_up.report(self.run_folder)
        self.assertEqual(self.page.read_bytes(), before)


if __name__ == "__main__":
    browser.main()
