#!/usr/bin/env python3
"""oracle_table.py WINDOWS WINE LIBRARY - prints a table of the cases in which
Windows, Wine and this library do not say the same.

Each argument is a folder with one TOPIC.txt per conformance program, of lines
"CASE: ANSWER". Those of WINDOWS come from `cmp.py TOPIC --merged`: answers that
are all accepted are separated by " || ", "*" accepts any, and a remark may follow.
"""
import re
import sys
from pathlib import Path

HEADINGS = ("case", "Windows", "Wine", "this library")


def answers(path):
    """The answers of a run, a list for each case, since a case may come twice."""
    found = {}
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    for line in lines:
        case, separator, answer = line.partition(": ")
        if separator and not line.startswith("#"):
            found.setdefault(case, []).append(answer.strip())
    return found


def rows(topic, folders):
    windows, wine, library = (answers(Path(folder, topic + ".txt")) for folder in folders)
    for case, expectations in windows.items():
        for expectation in expectations:
            accepted = re.split(r"\s+# \w+; Wine ", expectation)[0]
            said = [found[case].pop(0) if found.get(case) else "(nothing)" for found in (wine, library)]
            same = said[0] == said[1] and said[0] in accepted.split(" || ")
            if accepted != "*" and not same:
                yield (case, accepted.replace(" || ", " or "), *said)


def main():
    folders = sys.argv[1:]
    if len(folders) != 3:
        sys.exit(__doc__)
    topics = sorted(path.stem for path in Path(folders[0]).glob("*.txt"))
    table = [row for topic in topics for row in rows(topic, folders)]
    # A long answer moves the columns of its own line only.
    widths = [min(48, max(len(row[column]) for row in [HEADINGS, *table])) for column in range(4)]
    rule = tuple("-" * width for width in widths)
    for row in [HEADINGS, rule, *table]:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print(f"{len(table)} cases")


main()
