#!/usr/bin/env python3
"""check.py ROOT [PAGE...] - the documentation of the repository ROOT does what it says.

Without PAGE: README*.md and the other pages in ROOT, and every page in docs/,
examples/, python/ and packages/. Each block of code is compiled, run, compared or
found in a tested file; each link and anchor leads somewhere. A block of which
none of this is said fails, and so does code that is set off by four spaces.

What is to be done with a block stands in a comment before it:

  <!-- docs: file PATH -->           write the block to PATH
  <!-- docs: run -->                 run the block with sh -e; python with python3
  <!-- docs: run fails STATUS -->    the same, and it must end with that status
  <!-- docs: run if COMMAND -->      the same where COMMAND is installed, else said to be skipped
  <!-- docs: output -->              the run before printed exactly the block
  <!-- docs: output ... -->          the same, where ... is any text in a line, and a
                                     line that is ... any number of lines
  <!-- docs: output numbers -->      the same, where any number, with any unit of time, and any
                                     width of spaces will do; also `output numbers ...`
  <!-- docs: from PATH -->           the block is the file PATH of the repository
  <!-- docs: from PATH PART -->      it is what the file has between a line that contains
                                     [docs: PART] and one that contains [docs: end]
  <!-- docs: compile FLAGS -->       C or C++: it compiles as a source file
  <!-- docs: fragment FLAGS -->      it compiles in a function, after #include <windows.h>
  <!-- docs: refused FLAGS: TEXT --> the compiler refuses it, and says TEXT
  <!-- docs: tasks -->               each line calls a task that ./dev has; it is not run
  <!-- docs: picture -->             a drawing in characters

Blocks of c and cpp without a comment are source files if they have an #include
and fragments otherwise, by the same rule as `refused`. python is compiled, json
is read. Every other language needs a comment. FLAGS may be left out.

Fragments may need variables and headers that nobody wants to read. They come from

  <!-- docs: given
  #include <winternl.h>
  HANDLE section;
  -->

for all fragments that follow on the page, up to the next `given`. If that includes
<winshm.h>, fragments come without <windows.h>. What a page needs
and does not show is prepared by

  <!-- docs: prepare
  mkdir app
  -->

Each page has a copy of the repository for itself, in which its blocks run one
after the other, each in a shell of its own. There `target/release` is the built
library, and names are private. Output is what was written to standard output and
standard error. Compilers speak English.

A translation, NAME.ko.md, has the same blocks as NAME.md, which are checked there, and links to
the same files.

  WINSHM_LIBRARY_DIR     the result of `cargo build --release`; else ROOT/target/release
  WINSHM_TOOL            the program `winshm`; else ROOT/target/tool/release/winshm
  WINSHM_DOCS_DIR        a folder for all this, which is kept: cargo, which pages start by
                         way of cmake, then builds only what changed

Prints a line per failure and the sum; the status is 0 if nothing failed.
"""

import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True # the source tree stays as it is

import blocks
import links
import pages

FOLDERS = ("docs", "examples", "python", "packages")


def all_pages(root):
    found = sorted(root.glob("*.md"))
    for folder in FOLDERS:
        found += sorted((root / folder).rglob("*.md"))
    return [path.relative_to(root) for path in found]


def check_translation(page, root):
    """NAME.LANGUAGE.md has the blocks of NAME.md, and leads to the same files."""
    original = page.path.with_suffix("").with_suffix(".md")
    if not (root / original).exists():
        return [(1, f"a translation of {original}, which does not exist")]
    source = pages.Page(root, original)
    wanted = source.shown()
    has = page.shown()
    for block, same in zip(has, wanted):
        if (block.language, block.text) != (same.language, same.text):
            return [(block.line, f"{original}:{same.line} has another block here")]
    if len(has) != len(wanted):
        return [(1, f"has {len(has)} blocks, {original} has {len(wanted)}")]
    missing, more = links.files(source) - links.files(page), links.files(page) - links.files(source)
    return [(1, f"{original} leads to {target}") for target in sorted(missing)] + \
        [(1, f"leads to {target}, which {original} does not") for target in sorted(more)]


def check_page(page, everything, root, setting):
    """How many checks passed, and (line, text) for each that failed."""
    failures = list(page.failures)
    checks = len(page.failures)
    found = links.check(page, everything, root)
    checks += len(page.links)
    failures += found
    if len(page.path.suffixes) > 1:
        found = check_translation(page, root)
        failures += found
        checks += max(1, len(page.blocks))
    else:
        failures += blocks.check(page, root, setting)
        checks += len(page.blocks)
    return checks, sorted(failures)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    library = pathlib.Path(os.environ.get("WINSHM_LIBRARY_DIR") or root / "target/release").resolve()
    if not (library / "libwinshm.so").exists():
        sys.exit(f"check.py: no libwinshm.so in {library}")
    tool = pathlib.Path(os.environ.get("WINSHM_TOOL") or root / "target/tool/release/winshm").resolve()

    wanted = [pathlib.Path(os.path.relpath(os.path.abspath(name), root)) for name in sys.argv[2:]]
    everything = {path: pages.Page(root, path) for path in all_pages(root)}
    for path in wanted:
        if path not in everything:
            sys.exit(f"check.py: {path} is no page; there are {' '.join(map(str, everything))}")

    kept = os.environ.get("WINSHM_DOCS_DIR")
    work = pathlib.Path(kept or tempfile.mkdtemp(prefix="winshm-docs.")).resolve()
    try:
        setting = blocks.Setting(root, library, tool, work)
        total = failed = 0
        # Most of the time most pages sleep.
        with concurrent.futures.ThreadPoolExecutor(max_workers=2 * os.cpu_count()) as pool:
            jobs = [
                (path, pool.submit(check_page, everything[path], everything, root, setting))
                for path in wanted or everything
            ]
            for path, job in jobs:
                checks, failures = job.result()
                total += checks
                failed += len(failures)
                for text in everything[path].skipped:
                    print(f"SKIPPED: {path}:{text}")
                for line, text in failures:
                    print(f"FAILED: {path}:{line}: {text}")
        if not wanted:
            others = links.check_sources(everything, root) + links.check_reached(everything)
            failed += len(others)
            total += max(1, len(others))
            for text in others:
                print(f"FAILED: {text}")
        for address in sorted({link for page in everything.values() for link in page.external}):
            print(f"not visited: {address}")
    finally:
        if not kept:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{total - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
