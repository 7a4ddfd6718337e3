# SPDX-License-Identifier: Apache-2.0
"""report.md to HTML: sections, a table of contents, tables that scroll in a box of their own.

Safe by construction: the Markdown parser is told that there are no HTML, links or images, so that they are text.
The one exception is <details> with a plain <summary>, which the rule below makes itself, and closes itself."""
import html
import itertools
import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

# A table with more rows is cut: a browser lays out a table as a whole.
TABLE_ROWS_MAX = 400
# A cell of no more is not broken into lines.
SHORT_CHARACTERS = 18

DETAILS = re.compile(r"<details><summary>([^<>]*)</summary>\s*$")
NUMBER = re.compile(r"[-−+]?[\d  .,]+%?$|-$|absent(\[\^[^\]]+\])?$|$")
VERDICTS = {"confirmed": "confirmed", "disproved": "disproved", "not measurable": "open", "contradiction": "disproved"}
# The report has no links, and an image or a link could lead out of the page: they stay text.
UNUSED = ["image", "link", "autolink", "reference", "html_block", "html_inline"]


@dataclass
class Section:
    """What stands below one `##` heading; the lead, before the first, has no title."""
    title: str
    anchor: str
    tokens: list = field(default_factory=list)
    parts: list = field(default_factory=list)  # (title, anchor) of its `###`


def without_long_tables(text):
    """The report with each table cut after TABLE_ROWS_MAX rows, which a sentence below it then says."""
    kept = []
    for is_table, run in itertools.groupby(text.split("\n"), lambda line: line.startswith("|")):
        lines = list(run)
        more = len(lines) - TABLE_ROWS_MAX - 2
        if is_table and more > 0:
            lines[-more:] = ["", f"*{more} more rows are left out here so that the page stays usable: report.md has them, and "
                                 "observations.csv, below, has the data of all.*"]
        kept += lines
    return "\n".join(kept)


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
    back = f' <a href="#ref{meta["id"] + 1}" aria-label="back to where note {meta["id"] + 1} is first referred to">\N{LEFTWARDS ARROW WITH HOOK}</a>'
    return back if meta.get("subId", 0) == 0 else ""


def plain(inline):
    """The text of an inline token, without marks."""
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline", "softbreak"))


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


def dress_tables(tokens):
    """Columns of numbers stand to the right, header cells name their column, verdicts show what they are."""
    column, numeric, title = 0, [], ""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            title = plain(tokens[index + 1])
        elif token.type == "table_open":
            token.meta["title"] = title
            numeric = numeric_columns(tokens, index)
        elif token.type == "tr_open":
            column = 0
        elif token.type in ("th_open", "td_open"):
            if token.type == "th_open":
                token.attrSet("scope", "col")
            classes = classes_of(plain(tokens[index + 1]).strip(), token.type, numeric[column])
            if classes:
                token.attrSet("class", " ".join(classes))
            column += 1


def classes_of(text, kind, in_numeric_column):
    """The style classes of a cell by what stands in it."""
    classes = ["number"] if in_numeric_column else []
    if kind == "td_open" and text in VERDICTS:
        classes.append(VERDICTS[text])
    elif kind == "td_open" and " " in text and len(text) <= SHORT_CHARACTERS:
        classes.append("short")
    return classes


def numeric_columns(tokens, start):
    """For each column of the table that opens at `start`, whether all its cells are numbers."""
    columns, column, body = [], 0, False
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.type == "table_close":
            break
        if token.type == "tbody_open":
            body = True
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            columns.append(True)
        elif token.type == "td_open" and body:
            columns[column] = columns[column] and bool(NUMBER.match(tokens[index + 1].content.strip()))
            column += 1
    return columns


def table_open(tokens, index, _options, _env):
    title = html.escape(tokens[index].meta.get("title", ""))
    return (f'<div class="table" role="region" tabindex="0" aria-label="Table: {title}"><table>'
            f'<caption class="unseen">{title}</caption>\n')


def convert(text):
    """(sections, render): the lead first, then one for each `##`; render(tokens) gives HTML."""
    markdown = parser()
    markdown.renderer.rules["table_open"] = table_open
    markdown.renderer.rules["table_close"] = lambda *_: "</table></div>\n"
    env = {}
    tokens = markdown.parse(without_long_tables(text), env)
    anchored(tokens)
    dress_tables(tokens)
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
