"""What is done with the blocks of a page; check.py says which marks there are."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 300 # after which a block hangs
NUMBER = r"\d+(?:\.\d+)*(?:(?:us|ms|s|m|h)\b)?"
LINES = 40 # of what went wrong
SKIPPED = object() # what a run printed that was skipped
NOT_COPIED = shutil.ignore_patterns("target", ".git", "__pycache__", "corpus")
COMPILERS = {"c": "gcc", "cpp": "g++", "c++": "g++"}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused"]
BEFORE_FRAGMENT = {
    "gcc": "#include <windows.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n",
    "g++": "#include <windows.h>\n#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n#include <string>\n#include <vector>\n",
}


@dataclasses.dataclass
class Setting:
    root: pathlib.Path
    library: pathlib.Path
    tool: pathlib.Path
    work: pathlib.Path


class Failed(Exception):
    pass


def check(page, root, setting):
    """(line, text) for each block of the page that is not as it says."""
    failures = []
    with PageFolder(page, setting) as folder:
        compiled = compiled_together(page, folder)
        for block in page.blocks:
            try:
                if block.line not in compiled:
                    check_block(block, page, root, folder)
            except Failed as failed:
                failures.append((block.line, str(failed)))
    return failures


def compiled_together(page, folder):
    """The lines of the fragments that compile, each in a function of one source: a page may have
    hundreds. If they do not, none; then each is tried alone."""
    groups = {}
    for block in page.blocks:
        verb, _, rest = block.mark.partition(" ")
        compiler = COMPILERS.get(block.language)
        if compiler and (verb == "fragment" or not verb) and not is_source(block):
            groups.setdefault((compiler, rest, block.given), []).append(block)
    together = set()
    for (compiler, flags, given), group in groups.items():
        if len(group) > 1:
            text = "".join(in_function(block, page, f"block_{block.line}") for block in group)
            if not folder.compiler_says(compiler, flags.split(), before(compiler, given) + text)[0]:
                together |= {block.line for block in group}
    return together


def before(compiler, given):
    return given if "<winshm.h>" in given else BEFORE_FRAGMENT[compiler] + given


def in_function(block, page, name):
    return (f"int {name}(int argc, char **argv);\nint {name}(int argc, char **argv) {{\n(void)argc; (void)argv;\n"
            f"#line {block.line + 1} \"{page.path}\"\n{block.text}\nreturn 0; }}\n")


def check_block(block, page, root, folder):
    verb = re.match(r"\w*", block.mark)[0]
    rest = block.mark[len(verb):].strip()
    compiler = COMPILERS.get(block.language)
    if verb == "file":
        target = folder.path / rest
        if folder.path not in target.resolve().parents:
            raise Failed(f"outside of the page's folder: {rest}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    elif verb == "prepare":
        folder.run(block, 0)
    elif verb == "run":
        how = re.fullmatch(r"(?:fails (?P<status>\d+))?|if (?P<command>[\w.+-]+)", rest)
        if not how or block.language not in ("sh", "python"):
            raise Failed(f"no such mark for {block.language or 'a block without a language'}: {block.mark}")
        if how["command"] and not shutil.which(how["command"]):
            page.skipped.append(f"{block.line}: {how['command']} is not installed")
            folder.printed = SKIPPED
            return
        folder.run(block, int(how["status"] or 0))
    elif verb == "output" and rest in ("", "...", "numbers", "numbers ..."):
        if folder.printed is not SKIPPED:
            compare_output(block.text, folder.printed, rest.split())
    elif verb == "from":
        compare_quotation(block.text, rest, root)
    elif verb in ("compile", "fragment") and compiler:
        folder.compile(block, page, compiler, rest.split(), verb == "compile")
    elif verb == "refused" and compiler and ":" in rest:
        flags, _, text = rest.partition(":")
        folder.compile(block, page, compiler, flags.split(), is_source(block), text.strip())
    elif verb == "tasks" and not rest:
        check_tasks(block.text, root)
    elif verb == "picture" and not rest:
        if block.language not in ("", "text"):
            raise Failed(f"a picture in {block.language}")
    elif verb:
        raise Failed(f"no such mark for {block.language or 'a block without a language'}: {block.mark}")
    elif compiler:
        folder.compile(block, page, compiler, [], is_source(block))
    elif block.language == "python":
        try:
            compile(block.text, f"{page.path}:{block.line}", "exec")
        except SyntaxError as error:
            raise Failed(f"no Python: {error}") from error
    elif block.language == "json":
        try:
            json.loads(block.text)
        except ValueError as error:
            raise Failed(f"no JSON: {error}") from error
    else:
        raise Failed(f"nobody says what this block of {block.language or 'no language'} is; see c_tests/docs/check.py")


def is_source(block):
    return re.search(r"^\s*#\s*include\b", block.text, re.MULTILINE) is not None


def has_ended(process):
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def indented(text):
    lines = text.rstrip("\n").split("\n")
    if len(lines) > LINES:
        lines[LINES:] = ["..."]
    return "".join(f"\n    {line}" for line in lines)


def check_tasks(text, root):
    tasks = re.findall(r"^task_(\w+)\(\)", (root / "dev").read_text(encoding="utf-8"), re.MULTILINE)
    for line in text.splitlines():
        words = line.split()
        if words[:1] != ["./dev"] or words[1:2] and words[1] not in tasks + ["help"]:
            raise Failed(f"no task of ./dev: {line}")


def compare_output(text, printed, loose):
    if printed is None:
        raise Failed("nothing was run before this output")
    pattern = ""
    for line in text.splitlines():
        if "..." in loose and line.strip() == "...":
            pattern += r"(?:.*\n)*?"
            continue
        parts = line.split("...") if "..." in loose else [line]
        pattern += ".*".join(map(with_numbers if "numbers" in loose else re.escape, parts)) + r"\n"
    if not re.fullmatch(pattern, printed):
        raise Failed("this was printed instead:" + indented(printed))


def with_numbers(text):
    """The expression of a text in which numbers, their units of time, and widths of spaces may differ."""
    return "".join(NUMBER if piece[:1].isdigit() else " +" if piece[:1] == " " else re.escape(piece)
                   for piece in re.split(f"({NUMBER}| +)", text))


def compare_quotation(text, source, root):
    words = source.split()
    path = root / words[0] if words else root
    if len(words) not in (1, 2) or not path.is_file():
        raise Failed(f"no such file: {source}")
    wanted = path.read_text(encoding="utf-8")
    if len(words) == 2:
        wanted = part(wanted, words[1], path.relative_to(root))
    if text != wanted:
        raise Failed(f"{source} is another text:" + indented(wanted))


def part(text, name, path):
    """The lines between the marks, without the indentation that all of them have."""
    lines, inside, found = [], False, False
    for line in text.split("\n"):
        mark = re.search(r"\[docs: ([\w-]+)\]", line)
        if mark:
            inside = mark[1] == name
            if inside and found:
                raise Failed(f"{path} has two parts [docs: {name}]")
            found = found or inside
        elif inside:
            lines.append(line)
    if not found or inside:
        raise Failed(f"{path} has no [docs: {name}] with a [docs: end]")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "".join(line[indent:] + "\n" for line in lines)


class PageFolder:
    """A copy of the repository in which the blocks of one page run. It is made when it is needed."""

    def __init__(self, page, setting):
        self.setting = setting
        self.printed = None
        self._path = None
        # Its name is the same each time, for cargo, which builds anew elsewhere.
        self._name = str(page.path).replace("/", "_")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._path:
            shutil.rmtree(self._path, ignore_errors=True)
            shutil.rmtree(self._names, ignore_errors=True)

    @property
    def path(self):
        if not self._path:
            path = self.setting.work / "pages" / self._name
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(self.setting.root, path, ignore=NOT_COPIED, symlinks=True)
            (path / "target").mkdir()
            (path / "target/release").symlink_to(self.setting.library)
            (path / "target/bin").mkdir()
            if self.setting.tool.exists():
                (path / "target/bin/winshm").symlink_to(self.setting.tool)
            cargo = self.setting.work / "cargo" # where CMakeLists.txt has cargo build for `-B build`
            cargo.mkdir(exist_ok=True)
            (path / "build").mkdir()
            (path / "build/cargo").symlink_to(cargo)
            self._names = tempfile.mkdtemp(prefix="winshm-docs-names.", dir="/dev/shm")
            self._path = path
        return self._path

    def environment(self):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith(("WINSHM_", "LC_"))
                 and name not in ("LD_LIBRARY_PATH", "LD_RUN_PATH", "PKG_CONFIG_PATH", "CARGO_TARGET_DIR")}
        return clean | {
            "LC_ALL": "C",
            "PATH": f"{self.path}/target/bin:{os.environ['PATH']}",
            "WINSHM_DIR": self._names,
            "PYTHONPATH": f"{self.path}/python",
            "PYTHONDONTWRITEBYTECODE": "1",
            # What cargo builds for a page is only tried, so it need not be fast.
            "CARGO_PROFILE_RELEASE_LTO": "off",
            "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
            "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
        }

    def run(self, block, status):
        command = ["sh", "-e"] if block.language == "sh" else [sys.executable]
        script = self.setting.work / f"{self._name}.block"
        self.path # makes it
        script.write_text(block.text, encoding="utf-8")
        with open(f"{script}.log", "w+b") as log:
            process = subprocess.Popen([*command, str(script)], cwd=self.path, env=self.environment(),
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            deadline = time.monotonic() + SECONDS
            while not (ended := has_ended(process)) and time.monotonic() < deadline:
                time.sleep(0.01)
            # Also what the block left running. The process was not waited for yet, so the
            # number of the group is still its.
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            log.seek(0)
            self.printed = log.read().decode("utf-8", "replace")
        if not ended:
            raise Failed(f"it does not end in {SECONDS} s; it printed:" + indented(self.printed))
        if code != status:
            raise Failed(f"its status is {code}, not {status}; it printed:" + indented(self.printed))

    def compile(self, block, page, compiler, flags, whole, refusal=None):
        """Compiles a source file, or a fragment; with `refusal` it must not compile, and that must be why."""
        if whole:
            text = f"#line {block.line + 1} \"{page.path}\"\n{block.text}"
        else:
            text = before(compiler, block.given) + in_function(block, page, "fragment")
        refused, says = self.compiler_says(compiler, flags, text)
        if refusal is None:
            if refused:
                raise Failed("it does not compile:" + indented(says))
        elif not refused:
            raise Failed("it compiles, and should not")
        elif refusal not in says:
            raise Failed(f"the compiler does not say \"{refusal}\" but:" + indented(says))

    def compiler_says(self, compiler, flags, text):
        include = self.setting.root / "include"
        done = subprocess.run(
            [compiler, "-x", "c" if compiler == "gcc" else "c++", "-fsyntax-only", *WARNINGS,
             f"-I{include}", f"-I{include}/compat", *flags, "-"],
            input=text, text=True, capture_output=True, timeout=SECONDS, cwd=self.setting.root,
            env=os.environ | {"LC_ALL": "C"})
        return done.returncode, done.stderr
