# SPDX-License-Identifier: Apache-2.0
"""The page of data that nobody expects: hostile text wherever data gets in, and no figures."""
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
    def assert_harmless(self, run, seen_least):
        self.browser.requested()
        self.browser.said()
        self.browser.show(run / "report.html", 400)
        self.assertEqual(self.browser.requested(), [(run / "report.html").as_uri()])
        self.assertEqual(self.browser.said(), [])
        self.assertEqual(self.browser.evaluate(STRANGE), [])
        self.assertIsNone(self.browser.evaluate("return window.hacked === undefined ? null : window.hacked"))
        text = self.browser.evaluate("return document.body.textContent")
        for each in made_up.HOSTILE:
            self.assertGreaterEqual(text.count(each), seen_least, each)
        scroll, client = self.browser.evaluate("const r = document.documentElement; return [r.scrollWidth, r.clientWidth]")
        self.assertLessEqual(scroll, client)

    def test_hostile_text_of_a_run_stays_text(self):
        run = self.new_run("hostile")
        made_up.make_hostile(run)
        made_up.report(run)
        self.assert_harmless(run, 5)

    def test_hostile_text_of_a_figure_stays_text(self):
        run = self.new_run("hostile_figures")
        made = made_up.figures()
        made[0].update(title=made_up.HOSTILE[0], caption=made_up.HOSTILE[4], finding=made_up.HOSTILE[3], notes=made_up.HOSTILE)
        made[0]["panels"][0].update(title=made_up.HOSTILE[7])
        made[0]["panels"][0]["series"][0]["name"] = made_up.HOSTILE[1]
        made_up.draw(run, made)
        self.assert_harmless(run, 1)


if __name__ == "__main__":
    browser.main()
