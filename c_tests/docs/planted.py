#!/usr/bin/env python3
"""planted.py - check.py finds what is wrong with a page.

Makes a small repository whose page is right, and others whose page has one defect
each. check.py must pass the first and fail each of the others, for that defect.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).with_name("check.py")

RIGHT = """\
# A page

## Two words, and `code`

[here](#two-words-and-code), [there](other.md#other), ![a picture](picture.svg), [a line](tested.c#L2),
<https://example.org/>. `[no link](nowhere.md)`

<!-- docs: file said/text -->
```text
three
```

<!-- docs: run -->
```sh
cat said/text
echo 1 and 2
```

<!-- docs: output ... -->
```text
th...e
...
```

<!-- docs: run fails 3 -->
```sh
exit 3
```

<!-- docs: prepare
echo prepared
-->
<!-- docs: output -->
```text
prepared
```

<!-- docs: run -->
```sh
echo "pid 4711  bytes, 1.5s"
```

<!-- docs: output numbers -->
```text
pid 1   bytes, 20ms
```

<!-- docs: from tested.c part -->
```c
if (argc)
    return 0;
```

<!-- docs: given
static HANDLE section;
-->
```c
CloseHandle(section);
```

<!-- docs: compile -Wno-error=format -->
```cpp
#include <windows.h>
HANDLE global;
```

<!-- docs: refused -Wformat: format -->
```c
printf("%lu", GetLastError());
```

```python
print("never run")
```

```json
{ "format": 1 }
```

<!-- docs: tasks -->
```sh
./dev test
```

<!-- docs: picture -->
```text
+--+
```
"""

# What is replaced in RIGHT, by what, and what is said about it.
DEFECTS = [
    ("(#two-words-and-code)", "(#two-words)", "no heading for #two-words"),
    ("(other.md#other)", "(other.md#another)", "no heading for #another"),
    ("(other.md#other)", "(others.md)", "no such file"),
    ("(other.md#other)", "(/other.md)", "write it relative to the page"),
    ("(other.md#other)", "(../../elsewhere.md)", "not in the repository"),
    ("(picture.svg)", "(broken.svg)", "not a picture"),
    ("(tested.c#L2)", "(tested.c#L200)", "there are only"),
    ("<https://example.org/>", "http://example.org/", "not an https address"),
    ("<https://example.org/>", "[a][b]", "[b] is not defined"),
    ("<!-- docs: file said/text -->\n", "", "nobody says what this block"),
    ("said/text -->", "../../text -->", "outside of the page's folder"),
    ("echo 1", "exit 1", "its status is 1, not 0"),
    ("exit 3", "exit 0", "its status is 0, not 3"),
    ("cat said/text", "cat said/another", "its status is 1, not 0"),
    ("th...e\n...\n", "th...e\n", "this was printed instead"),
    ("th...e\n", "t...k\n", "this was printed instead"),
    ("```text\nprepared", "```text\nPrepared", "this was printed instead"),
    ("1   bytes, 20ms", "1   bytes, ms", "this was printed instead"),
    ("output numbers", "output", "this was printed instead"),
    ("return 0;\n```", "return 1;\n```", "tested.c part is another text"),
    ("from tested.c part", "from tested.c piece", "has no [docs: piece]"),
    ("from tested.c part", "from untested.c", "no such file"),
    ("static HANDLE section", "static HANDLE sections", "it does not compile"),
    ("HANDLE global;", "HANDLE global", "it does not compile"),
    ("refused -Wformat: format", "refused -Wformat: pointer", "the compiler does not say"),
    ('"%lu"', '"%u"', "it compiles, and should not"),
    ('print("never run")', 'print("never run"', "no Python"),
    ("1 }", "1, }", "no JSON"),
    ("refused -Wformat: format", "refused: pointer", "the compiler does not say"),
    ("./dev test", "./dev tests", "no task of ./dev"),
    ("docs: tasks", "docs: task", "no such mark"),
    ("docs: run fails 3", "docs: run twice", "no such mark"),
    ("<!-- docs: picture -->", "<!-- docs: picture -->\nThis.", "no block follows: picture"),
    ("<!-- docs: picture -->\n```text\n+--+\n```\n", "And:\n\n    code\n", "code set off by spaces"),
    ("+--+\n```\n", "+--+\n", "a block without an end"),
    ("[there](other.md#other)", "there", "does not lead to it"),
]


HEADER = """\
typedef void *HANDLE;
typedef unsigned DWORD;
#ifdef __cplusplus
extern "C" {
#endif
int CloseHandle(HANDLE handle);
DWORD GetLastError(void);
#ifdef __cplusplus
}
#endif
"""

OTHERS = {
    "dev": "task_test() {\n}\n",
    "include/compat/windows.h": HEADER,
    "libwinshm.so": "",
    "tested.c": "int main(int argc, char **argv) {\n    // [docs: part]\n    if (argc)\n        return 0;\n    // [docs: end]\n}\n",
    "docs/tested.c": "1\n2\n",
    "docs/other.md": "# Other\n",
    "docs/picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "docs/broken.svg": "<svg>",
}


def said(pages):
    """What check.py says about a repository with these pages: its status, and its lines."""
    with tempfile.TemporaryDirectory(prefix="winshm-docs-planted.") as work:
        for name, text in (OTHERS | pages).items():
            path = pathlib.Path(work, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, CHECKER, work], text=True, capture_output=True,
                              env=os.environ | {"WINSHM_LIBRARY_DIR": work})
        return done.returncode, done.stdout + done.stderr


def cases():
    """What it is, the pages, and what is wrong with them."""
    page, blocks = "docs/README.md", RIGHT[RIGHT.index("<!--"):]
    yield "the right page", {page: RIGHT}, None
    for before, after, wanted in DEFECTS:
        if RIGHT.count(before) != 1:
            sys.exit(f"planted.py: not once in the page: {before}")
        yield f"{before} -> {after}", {page: RIGHT.replace(before, after)}, wanted
    yield "a source", {page: RIGHT, "build.rs": "// docs/other.md#others\n"}, "has no heading for #others"
    yield "a source", {page: RIGHT, "build.rs": "// docs/others.md\n"}, "no page docs/others.md"
    linked = "[da](other.md), ![ein Bild](picture.svg), [Zeile](tested.c), <https://example.org/>\n"
    translated = f"# Eine Seite\n\n[englisch](README.md) {linked}\n" + blocks
    pages = {page: RIGHT + "\n[auf Deutsch](README.de.md)\n", "docs/README.de.md": translated}
    yield "a translation", pages, None
    pages = pages | {"docs/README.de.md": translated.replace("echo 1", "echo 2")}
    yield "another block", pages, "has another block here"
    pages = pages | {"docs/README.de.md": translated[:translated.index("<!-- docs: picture")]}
    yield "a block less", pages, "has 14 blocks, docs/README.md has 15"
    pages = pages | {"docs/README.de.md": translated.replace("[da](other.md), ", "")}
    yield "a link less", pages, "docs/README.md leads to docs/other.md"
    pages = pages | {"docs/README.de.md": translated.replace("(tested.c)", "(README.de.md)")}
    yield "another link", pages, "docs/README.md leads to docs/tested.c"
    pages = pages | {"docs/README.de.md": translated + "\n[mehr](../build.rs)\n", "build.rs": ""}
    yield "a link more", pages, "leads to build.rs, which docs/README.md does not"


def main():
    tried = list(cases())
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for (what, _, wanted), (status, text) in zip(tried, pool.map(lambda case: said(case[1]), tried)):
            first = next((line for line in text.splitlines() if line.startswith("FAILED")), "")
            if status != 1 or wanted not in first if wanted else status != 0:
                failed += 1
                print(f"planted.py: {what}: it should have said: {wanted}; it said:\n{text}")
    print(f"{len(tried) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
