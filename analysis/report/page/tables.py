# SPDX-License-Identifier: Apache-2.0
"""The report's tables: how many rows the page shows, what its cells look like, and the box that each scrolls in."""
import html
import itertools
import re

# A table with more rows is cut: a browser lays out a table as a whole.
TABLE_ROWS_MAX = 400
# A cell of no more is not broken into lines.
SHORT_CHARACTERS = 18
NUMBER = re.compile(r"[-−+]?[\d  .,]+%?$|-$|absent(\[\^[^\]]+\])?$|$")
VERDICTS = {"confirmed": "confirmed", "disproved": "disproved", "not measurable": "open", "contradiction": "disproved"}


def plain(inline):
    """The text of an inline token, without marks."""
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline", "softbreak"))


def without_long(text):
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


def dress(tokens):
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
