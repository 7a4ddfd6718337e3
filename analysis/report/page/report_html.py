# SPDX-License-Identifier: Apache-2.0
"""report.md to HTML, by sections; what a table needs is tables.py's.

Safe by construction: the Markdown parser is told that there are no HTML, links or images, so that they are text.
The one exception is <details> with a plain <summary>, which the rule below makes itself, and closes itself."""
import html
import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

import tables
from tables import plain

DETAILS = re.compile(r"<details><summary>([^<>]*)</summary>\s*$")
# The report has no links, and an image or a link could lead out of the page: they stay text.
UNUSED = ["image", "link", "autolink", "reference", "html_block", "html_inline"]


@dataclass
class Section:
    """What stands below one `##` heading; the lead, before the first, has no title."""
    title: str
    anchor: str
    tokens: list = field(default_factory=list)
    parts: list = field(default_factory=list)  # (title, anchor) of its `###`


def details_rule(state, start_line, _end_line, silent):
    """The two lines that the report's collapsed tables consist of, and nothing else that looks like a tag."""
    line = state.src[state.bMarks[start_line] + state.tShift[start_line]:state.eMarks[start_line]]
    opened = DETAILS.match(line)
    depth = state.env.setdefault("details", 0)
    if not opened and not (line.strip() == "</details>" and depth):
        return False
    if not silent:
        state.env["details"] += 1 if opened else -1
        token = state.push("html_block", "", 0)
        token.content = f"<details><summary>{html.escape(html.unescape(opened[1]))}</summary>\n" if opened else "</details>\n"
        state.line = start_line + 1
    return True


def parser():
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(UNUSED)
    markdown.use(footnote_plugin)
    markdown.block.ruler.before("paragraph", "details", details_rule, {"alt": ["paragraph", "table"]})
    rules = markdown.renderer.rules
    rules["footnote_ref"] = footnote_reference
    rules["footnote_anchor"] = footnote_back
    rules["footnote_block_open"] = lambda *_: '<section class="notes" aria-labelledby="notes"><h2 id="notes">Notes</h2>\n<ol>\n'
    return markdown


def footnote_reference(tokens, index, _options, _env):
    meta = tokens[index].meta
    first = f' id="ref{meta["id"] + 1}"' if meta.get("subId", 0) == 0 else ""
    return f'<sup><a class="ref" href="#fn{meta["id"] + 1}"{first}>{meta["id"] + 1}</a></sup>'


def footnote_back(tokens, index, _options, _env):
    meta = tokens[index].meta
    number = meta["id"] + 1
    back = (f' <a href="#ref{number}" aria-label="back to where note {number} is first referred to">'
            '\N{LEFTWARDS ARROW WITH HOOK}</a>')
    return back if meta.get("subId", 0) == 0 else ""


def anchored(tokens):
    """Gives each heading an id that no other has."""
    seen = set()
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        base = "s-" + (re.sub(r"[^a-z0-9]+", "-", plain(tokens[index + 1]).lower()).strip("-") or "section")
        anchor, number = base, 2
        while anchor in seen:
            anchor, number = f"{base}-{number}", number + 1
        seen.add(anchor)
        token.attrSet("id", anchor)


def convert(text):
    """(sections, render): the lead first, then one for each `##`; render(tokens) gives HTML."""
    markdown = parser()
    markdown.renderer.rules["table_open"] = tables.table_open
    markdown.renderer.rules["table_close"] = lambda *_: "</table></div>\n"
    env = {}
    tokens = markdown.parse(tables.without_long(text), env)
    anchored(tokens)
    tables.dress(tokens)
    sections = [Section("", "")]
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            sections.append(Section(plain(tokens[index + 1]), token.attrGet("id")))
        elif token.type == "footnote_block_open":
            sections.append(Section("Notes", "notes"))
        elif token.type == "heading_open" and token.tag == "h3":
            sections[-1].parts.append((plain(tokens[index + 1]), token.attrGet("id")))
        sections[-1].tokens.append(token)
    return sections, lambda part: closed(markdown.renderer.render(part, markdown.options, env))


def closed(text):
    """The HTML with every <details> closed that it opens."""
    return text + "</details>" * (text.count("<details>") - text.count("</details>"))
