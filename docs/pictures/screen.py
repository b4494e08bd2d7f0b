#!/usr/bin/env python3
"""screen.py TITLE COLUMNS LINES - the screen of a terminal, as `tmux capture-pane -e` prints
it, from standard input as an SVG picture to standard output; of more lines the first ones. It
follows the reader's choice of a light or dark page."""

import re
import sys
import unicodedata
from html import escape

WIDTH, HEIGHT, MARGIN, BAR = 7.8, 18, 14, 30  # of a character; around the text; above it

# Names of the colours of a terminal, with their values on a light and on a dark page.
COLOURS = {
    "black": ("#24292f", "#6e7681"), "red": ("#cf222e", "#ff7b72"), "green": ("#116329", "#56d364"),
    "yellow": ("#7d4e00", "#e3b341"), "blue": ("#0550ae", "#79c0ff"), "magenta": ("#6639ba", "#d2a8ff"),
    "cyan": ("#1b6a74", "#56d4dd"), "white": ("#57606a", "#c9d1d9"),
}
NAMES = list(COLOURS)
# Behind black characters, on every page.
LIT = {
    "black": "#6e7681", "red": "#ffa198", "green": "#7ee787", "yellow": "#f2cc60",
    "blue": "#a5d6ff", "magenta": "#e2c5ff", "cyan": "#a5e8ee", "white": "#d1d9e0",
}


def cells(line, style):
    """Each character with its style, and the style at the end of the line."""
    found = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style = changed(style, [int(code or 0) for code in part[2:-1].split(";")])
        else:
            found += [(character, style) for character in part if character >= " "]
    return found, style


def changed(style, codes):
    """A style is the set of its classes."""
    style = set(style)
    codes = list(codes)
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = set()
        elif code in (1, 2, 4, 7):
            style.add({1: "bold", 2: "faint", 4: "under", 7: "turned"}[code])
        elif code in (22, 24, 27):
            style -= {22: {"bold", "faint"}, 24: {"under"}, 27: {"turned"}}[code]
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = {one for one in style if one not in COLOURS} | {NAMES[code % 10]}
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = {one for one in style if not one.startswith("on-")} | {"on-" + NAMES[code % 10]}
        elif code == 39:
            style -= set(COLOURS)
        elif code == 49:
            style = {one for one in style if not one.startswith("on-")}
        elif code in (38, 48):
            raise SystemExit("screen.py: only the eight colours of every terminal are drawn")
    return frozenset(style)


def width(character):
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def has_ground(style):
    return "turned" in style or any(one.startswith("on-") for one in style)


def runs(line):
    """Words, or what has a colour behind it, of one style: column, number of columns, text, style."""
    column, whole = 0, []
    for character, style in line:
        is_word = whole and character != " " and whole[-1][2][-1] != " "
        if whole and whole[-1][3] == style and (is_word or has_ground(style)):
            whole[-1][2] += character
            whole[-1][1] += width(character)
        else:
            whole.append([column, width(character), character, style])
        column += width(character)
    return whole


def style_sheet():
    def rules(dark):
        page, text, edge, bar = [("#ffffff", "#1f2328", "#d1d9e0", "#f6f8fa"), ("#0d1117", "#e6edf3", "#3d444d", "#151b23")][dark]
        yield f".page{{fill:{page};stroke:{edge}}}.bar{{fill:{bar};stroke:{edge}}}text{{fill:{text}}}"
        yield f".title{{fill:{['#59636e', '#9198a1'][dark]}}}.faint{{fill:{['#6e7781', '#8b949e'][dark]}}}"
        yield f".mark{{fill:{text}}}.turned{{fill:{page}}}.ink{{fill:#1f2328}}"
        for name, values in COLOURS.items():
            yield f".{name}{{fill:{values[dark]}}}.on-{name}{{fill:{LIT[name]}}}"

    base = (
        "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
        ".title{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;text-anchor:middle}"
        ".bold{font-weight:700}.under{text-decoration:underline}"
    )
    light, dark = "".join(rules(0)), "".join(rules(1))
    return f"{base}\n{light}\n@media(prefers-color-scheme:dark){{{dark}}}"


def picture(title, columns, lines):
    across = columns * WIDTH + 2 * MARGIN
    down = BAR + len(lines) * HEIGHT + 2 * MARGIN - 6
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {down:g}" role="img">'
    yield f"<title>{escape(title)}</title>\n<style>\n{style_sheet()}\n</style>"
    yield f'<rect class="page" x=".5" y=".5" width="{across - 1:g}" height="{down - 1:g}" rx="8"/>'
    yield f'<path class="bar" d="M.5 {BAR}V8.5a8 8 0 0 1 8-8H{across - 8.5:g}a8 8 0 0 1 8 8V{BAR}Z"/>'
    for at, colour in ((18, "red"), (36, "yellow"), (54, "green")):
        yield f'<circle class="{colour}" cx="{at}" cy="15.5" r="5" fill-opacity=".7"/>'
    yield f'<text class="title" x="{across / 2:g}" y="20">{escape(title)}</text>'
    style = frozenset()
    for number, line in enumerate(lines):
        found, style = cells(line, style)
        y = BAR + MARGIN + number * HEIGHT + 10
        for column, count, text, classes in runs(found):
            x, long = MARGIN + column * WIDTH, count * WIDTH
            behind = [one for one in classes if one.startswith("on-")] or (["mark"] if "turned" in classes else [])
            if behind:
                yield f'<rect class="{behind[0]}" x="{x:g}" y="{y - 13}" width="{long:g}" height="{HEIGHT}"/>'
            if text.strip():
                named = {"ink" if one == "black" and behind else one for one in classes if not one.startswith("on-")}
                named = " ".join(sorted(named))
                words = f' class="{named}"' if named else ""
                yield f'<text{words} x="{x:g}" y="{y}" textLength="{long:g}" xml:space="preserve">{escape(text)}</text>'
    yield "</svg>"


def main():
    title, columns, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    lines = sys.stdin.read().split("\n")[:most]
    while lines and not re.sub(r"\x1b\[[0-9;]*m", "", lines[-1]).strip():
        lines.pop()
    print("\n".join(picture(title, columns, lines)))


if __name__ == "__main__":
    main()
