"""What a page of Markdown consists of, as far as it is checked."""

import dataclasses
import re

FENCE = re.compile(r"^( *)(`{3,}|~{3,})\s*([^\s`]*)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")
LIST_ITEM = re.compile(r"^ *([*+-]|\d+[.)])\s")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n\s*\n).)*?)(?<!`)\1(?!`)", re.DOTALL)
TARGET = re.compile(r'\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)')
DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*(\S+)", re.MULTILINE)
REFERENCE = re.compile(r"\]\[([^\]]*)\]")
HTML_TARGET = re.compile(r'\b(?:href|src)="([^"]*)"')
HTML_ANCHOR = re.compile(r'\b(?:id|name)="([^"]*)"')
BARE = re.compile(r"(?<![(\"\w])https?://[^\s<>)\"]+")


@dataclasses.dataclass
class Block:
    line: int
    language: str
    mark: str  # what its comment says; "" without one
    given: str  # what fragments may use
    text: str


def slug(heading):
    """The anchor that GitHub gives to a heading."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"<[^>]*>", "", text)
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


class Page:
    """One page: its blocks, links (line, target), anchors, and what is wrong with its form."""

    def __init__(self, root, path):
        self.path = path
        self.blocks = []
        self.links = []
        self.external = []
        self.anchors = set()
        self.failures = []
        self.skipped = []
        prose = self._read_blocks((root / path).read_text(encoding="utf-8"))
        self._read_headings(prose)
        self._read_links(prose)

    def shown(self):
        return [block for block in self.blocks if block.mark != "prepare"]

    def _read_blocks(self, text):
        """Collects the blocks; returns the page without them and without comments, line for line."""
        prose = []
        mark, marked_at, given = "", 0, ""
        lines = iter(enumerate(text.split("\n"), 1))
        in_list = False
        for number, line in lines:
            if line.lstrip().startswith("<!--"):
                comment = line.strip()
                skipped = [""]
                while "-->" not in comment:
                    following = next(lines, None)
                    if following is None:
                        self.failures.append((number, "a comment without an end"))
                        return "\n".join(prose)
                    comment += "\n" + following[1]
                    skipped.append("")
                prose += skipped
                found = re.match(r"<!--\s*docs:\s*(.*?)\s*-->", comment, re.DOTALL)
                if found:
                    if mark:
                        self.failures.append((marked_at, f"no block follows: {mark}"))
                    mark, marked_at = found[1], number
                    if mark.startswith("given\n"):
                        given, mark = mark[len("given\n"):] + "\n", ""
                    elif mark.startswith("prepare\n"):
                        self.blocks.append(Block(number, "sh", "prepare", "", mark[len("prepare\n"):] + "\n"))
                        mark = ""
                continue
            fence = FENCE.match(line)
            if fence:
                indent, end = len(fence[1]), re.compile(r"^ *" + re.escape(fence[2]) + r"[`~]*\s*$")
                prose.append("")
                content = []
                for _, inner in lines:
                    prose.append("")
                    if end.match(inner):
                        break
                    content.append(inner[min(indent, len(inner) - len(inner.lstrip())):])
                else:
                    self.failures.append((number, "a block without an end"))
                body = "".join(each + "\n" for each in content)
                self.blocks.append(Block(number, fence[3].lower(), mark, given, body))
                mark = ""
                continue
            if line.strip():
                if mark:
                    self.failures.append((marked_at, f"no block follows: {mark}"))
                    mark = ""
                after_blank = not prose or not prose[-1].strip()
                if LIST_ITEM.match(line) and not (line.startswith("    ") and not in_list):
                    in_list = True
                elif not line.startswith(" "):
                    in_list = False
                elif line.startswith("    ") and after_blank and not in_list:
                    self.failures.append((number, "code set off by spaces; write a block with a language"))
            prose.append(line)
        if mark:
            self.failures.append((marked_at, f"no block follows: {mark}"))
        return "\n".join(prose)

    def _read_headings(self, prose):
        seen = {}
        for line in prose.split("\n"):
            heading = HEADING.match(line)
            if heading:
                anchor = slug(heading[1])
                count = seen.get(anchor, 0)
                seen[anchor] = count + 1
                self.anchors.add(f"{anchor}-{count}" if count else anchor)
        self.anchors |= set(HTML_ANCHOR.findall(prose))

    def _read_links(self, prose):
        def blank(span):
            return "x" + "\n" * span[0].count("\n")

        text = CODE_SPAN.sub(blank, prose)
        line_of = lambda match: text.count("\n", 0, match.start()) + 1
        for pattern in (TARGET, HTML_TARGET, BARE):
            for match in pattern.finditer(text):
                target = match[match.lastindex or 0]
                self.links.append((line_of(match), target.rstrip(".,;:") if pattern is BARE else target))
        defined = {}
        for match in DEFINITION.finditer(text):
            defined[match[1].lower()] = match[2]
            if not re.match(r"https?://", match[2]): # these were found above
                self.links.append((line_of(match), match[2]))
        for match in REFERENCE.finditer(text):
            if match[1] and match[1].lower() not in defined:
                self.failures.append((line_of(match), f"[{match[1]}] is not defined"))
