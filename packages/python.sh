#!/bin/sh
# python.sh - the module for Python is typed, and works as one file that is copied.
# needs: virtualenv=python3-virtualenv
#
# mypy, from PyPI, finds nothing under --strict, also in the examples of docs/python.md;
# vermin, from there too, finds nothing that Python 3.8 has not. A copy of the file alone, in
# a folder that Python knows, finds the library by its SONAME.
#
# WINSHM_LIBRARY_DIR   where the library is
# WINSHM_PACKAGES_DIR  where things are installed; kept between runs
set -eu
here=$WINSHM_PACKAGES_DIR
. packages/lib/count.sh

[ -x "$here/venv/bin/vermin" ] || { virtualenv -q "$here/venv" && "$here/venv/bin/pip" install -q mypy vermin; }
mypy() { MYPYPATH=python "$here/venv/bin/mypy" --strict --cache-dir "$here/mypy" "$@"; }
count "mypy --strict" mypy python/winshm.py python/test_winshm.py

# As a user's programs, one by one.
rm -rf "${here:?}/examples"
mkdir "$here/examples"
awk -v folder="$here/examples" '/^```/ { inside = $0 == "```python"; number += inside; next }
    inside { print >(folder "/example" number ".py") }' docs/python.md
for example in "$here"/examples/*.py; do
    count "mypy --strict $(basename "$example")" mypy "$example"
done
echo 'Event.create().wait("soon")' >>"$here/examples/example1.py"

# A wrong type must be found.
sed 's/self._writable = writable/self._writable: str = writable/' python/winshm.py >"$here/wrong.py"
found() { ! mypy "$1" >/dev/null; }
count "mypy finds a wrong type" found "$here/wrong.py"
count "mypy finds a wrong type in an example" found "$here/examples/example1.py"

old() { "$here/venv/bin/vermin" --quiet --no-tips --violations --target=3.8- "$@"; }
count "Python 3.8 has everything" old python/winshm.py
{ cat python/winshm.py && echo 'print("x".removeprefix("y"))'; } >"$here/new.py"
count "what it has not is found" sh -c '! "$@" >/dev/null' sh "$here/venv/bin/vermin" --target=3.8- "$here/new.py"

# As a user has it: the file on Python's path, the library on the linker's.
rm -rf "${here:?}/site" "${here:?}/lib"
mkdir -p "$here/site" "${here:?}/lib"
cp python/winshm.py "$here/site"
cp "$WINSHM_LIBRARY_DIR/libwinshm.so" "$here/lib/libwinshm.so.0"
used() {
    env -u WINSHM_LIBRARY LD_LIBRARY_PATH="$here/lib" PYTHONPATH="$here/site" python3 -c '
from winshm import Section
with Section.create("Local\\packaged", 10) as section, section.map() as view:
    view.memory[0] = 1
    assert view.memory[0] == 1'
}
count "a copy of winshm.py" used

conclude
