# SPDX-License-Identifier: Apache-2.0
"""An SVG file as a part of the page: only shapes, ids that no other figure has, named for those who do not see it."""
import re
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
SHAPES = {"svg", "g", "path", "defs", "use", "clipPath", "rect", "pattern", "circle", "line", "polygon", "polyline"}
ATTRIBUTES = {"d", "id", "style", "fill", "stroke", "transform", "x", "y", "width", "height", "viewBox", "clip-path", "r",
              "cx", "cy", "x1", "y1", "x2", "y2", "points", "patternUnits", "version"}
OWN_URL = re.compile(r"url\(#([\w-]+)\)")


def own(element, prefix):
    """The element with what is allowed of it, without namespaces, its ids and references prefixed; None when it is no shape."""
    name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
    if name not in SHAPES:
        return None
    kept = tree.Element(name)
    for key, value in element.attrib.items():
        if key in (HREF, "href") and value.startswith("#"):
            kept.set("href", f"#{prefix}-{value[1:]}")
        elif key == "id":
            kept.set("id", f"{prefix}-{value}")
        elif key in ATTRIBUTES and "url(" not in OWN_URL.sub("", value):
            kept.set(key, OWN_URL.sub(rf"url(#{prefix}-\1)", value))
    for child in element:
        part = own(child, prefix)
        if part is not None:
            kept.append(part)
    return kept


def inlined(path, name, alt):
    """The SVG's text for the page. Raises ParseError when the file is no XML, OSError when it cannot be read."""
    svg = own(tree.parse(path).getroot(), name)
    if svg is None:
        raise tree.ParseError(f"{path} is no SVG")
    for size in ("width", "height"):
        svg.attrib.pop(size, None)
    svg.set("role", "img")
    svg.set("aria-label", alt)
    return tree.tostring(svg, encoding="unicode")
