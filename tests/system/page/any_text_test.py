# SPDX-License-Identifier: Apache-2.0
"""The page of data that nobody expects: hostile text wherever data gets in, a table without end, no figures."""
import browser
import made_up_run as made_up

ALLOWED = ("html head meta title link style body a header p span h1 div aside h2 ul li dl dt dd code nav ol main section h3 h4 "
           "figure figcaption details summary pre table caption thead tbody tr th td strong em blockquote sup svg g path defs use "
           "clippath rect pattern").split()
STRANGE = f"""
const strange = [];
for (const e of document.querySelectorAll('*')) {{
  if (!{ALLOWED}.includes(e.tagName.toLowerCase())) strange.push(e.tagName);
  for (const a of e.attributes)
    if (a.name.startsWith('on') || (['href', 'src'].includes(a.name) && !/^(#|data:)/.test(a.value))) strange.push(a.name + '=' + a.value);
}}
return strange;
"""


class AnyText(browser.Case):
    def test_hostile_text_stays_text(self):
        run = self.new_run("hostile")
        made_up.make_hostile(run)
        made_up.draw(run)
        self.browser.requested()
        self.browser.said()
        self.browser.show(run / "report.html", 400)
        self.assertEqual(self.browser.requested(), [(run / "report.html").as_uri()])
        self.assertEqual(self.browser.said(), [])
        self.assertEqual(self.browser.evaluate(STRANGE), [])
        self.assertIsNone(self.browser.evaluate("return window.hacked === undefined ? null : window.hacked"))
        text = self.browser.evaluate("return document.body.textContent")
        for each in made_up.HOSTILE:
            self.assertGreaterEqual(text.count(each), 3, each)
        scroll, client = self.browser.evaluate("const r = document.documentElement; return [r.scrollWidth, r.clientWidth]")
        self.assertLessEqual(scroll, client)

    def test_an_endless_table_is_cut_and_says_so(self):
        run = self.new_run("endless")
        with open(run / "report.md", "a", encoding="utf-8") as file:
            file.write("\n## Endless\n\n<details><summary>All</summary>\n\n| a | b |\n|---|---|\n" + "| `cell` | 1 |\n" * 9000)
            file.write("\n</details>\n\nAfter.\n")
        made_up.draw(run)
        self.assertLess((run / "report.html").stat().st_size, 5_000_000)
        self.browser.show(run / "report.html", 1400)
        rows, text = self.browser.evaluate("const s = document.getElementById('s-endless').closest('section');"
                                           "return [s.querySelectorAll('tbody tr').length, s.textContent]")
        self.assertEqual(rows, 400)
        self.assertIn("8600 more rows", text)
        self.assertIn("After.", text)

    def test_a_run_without_figures_says_why(self):
        run = self.new_run("plain")
        made_up.draw(run)
        self.browser.show(run / "report.html", 1400)
        self.assertIn("no figures", self.browser.evaluate("return document.getElementById('figures').closest('section').innerText"))


if __name__ == "__main__":
    browser.main()
