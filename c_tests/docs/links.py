"""Links of the pages, and what sources say about pages."""

import os
import pathlib
import re
import xml.etree.ElementTree

EXTERNAL = re.compile(r"^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[^\s]*)?(#\S*)?$")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:")
MENTION = re.compile(r"\b((?:docs|examples|python|packages)/[\w./-]+\.md|(?:README|CONTRIBUTING|SECURITY|CHANGELOG)\.md)(?:#([\w-]+))?")
SOURCES = ("src", "build_script", "include", "c_tests", "tests", "examples", "python", "packages", "cmake", "fuzz")
SOURCE_FILES = ("build.rs", "dev", "CMakeLists.txt", "Cargo.toml")
TEXT = {".rs", ".c", ".h", ".cpp", ".hpp", ".sh", ".py", ".txt", ".in", ".cmake", ".toml", ".md", ""}


def check(page, everything, root):
    """(line, text) for each link of the page that leads nowhere."""
    failures = []
    for line, target in page.links:
        if SCHEME.match(target):
            if EXTERNAL.match(target):
                page.external.append(target)
            else:
                failures.append((line, f"not an https address: {target}"))
            continue
        problem = local_problem(page.path, target, everything, root)
        if problem:
            failures.append((line, f"{target}: {problem}"))
    return failures


def files(page):
    """What a page has links to, but for itself and its translations; of a translated page, the original."""
    original = lambda path: path.parent / (path.name.partition(".")[0] + ".md") if path.suffix == ".md" else path
    found = set()
    for _, target in page.links:
        name = target.partition("#")[0]
        if SCHEME.match(target):
            found.add(target)
        elif name:
            found.add(str(original(pathlib.Path(os.path.normpath(page.path.parent / name)))))
    return found - {str(original(page.path))}


def local_problem(path, target, everything, root):
    """Why the link `target` of the page `path` leads nowhere; None if it does."""
    name, _, anchor = target.partition("#")
    if name.startswith("/"):
        return "write it relative to the page"
    place = pathlib.Path(os.path.normpath(path.parent / name)) if name else path
    if place.parts[:1] in (("..",), ("target",), (".git",)):
        return "not in the repository"
    if not (root / place).exists():
        return "no such file"
    if place.suffix == ".svg":
        try:
            xml.etree.ElementTree.parse(root / place)
        except xml.etree.ElementTree.ParseError as error:
            return f"not a picture: {error}"
    if not anchor:
        return "an empty anchor" if "#" in target else None
    if place.suffix == ".md":
        if place not in everything:
            return "an anchor on a page that is not checked"
        return None if anchor in everything[place].anchors else f"no heading for #{anchor}"
    lines = re.match(r"^L(\d+)(?:-L(\d+))?$", anchor)
    if not lines or not (root / place).is_file():
        return f"not an anchor of such a file: #{anchor}"
    count = len((root / place).read_bytes().splitlines())
    return None if int(lines[2] or lines[1]) <= count else f"there are only {count} lines"


def check_sources(everything, root):
    """Pages and headings that sources mention, as docs/concepts.md#names, must exist."""
    failures = []
    files = [root / name for name in SOURCE_FILES]
    for folder in SOURCES:
        files += (root / folder).rglob("*")
    for file in sorted(files):
        if not file.is_file() or file.suffix not in TEXT or (root / "c_tests/docs") in file.parents:
            continue
        relative = file.relative_to(root)
        if relative in everything:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            for page, anchor in MENTION.findall(line):
                beside = file.parent / page
                path = beside.relative_to(root) if beside.exists() else pathlib.Path(page)
                if path not in everything:
                    failures.append(f"{relative}:{number}: no page {page}")
                elif anchor and anchor not in everything[path].anchors:
                    failures.append(f"{relative}:{number}: {page} has no heading for #{anchor}")
    return failures


def check_reached(everything):
    """The index leads to every page in docs/."""
    index = pathlib.Path("docs/README.md")
    if index not in everything:
        return []
    reached, next_ones = {index}, [index]
    while next_ones:
        path = next_ones.pop()
        for _, target in everything[path].links:
            place = pathlib.Path(os.path.normpath(path.parent / target.partition("#")[0]))
            if place in everything and place not in reached and place.parts[0] == "docs":
                reached.add(place)
                next_ones.append(place)
    return [f"{path}: docs/README.md does not lead to it"
            for path in everything if path.parts[0] == "docs" and path not in reached]
