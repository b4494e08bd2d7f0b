#!/bin/sh
# python.sh - the module for Python is typed, and works as one file that is copied.
# needs: virtualenv=python3-virtualenv
#
# mypy, from PyPI, finds nothing under --strict; a copy of the file alone, in a folder that
# Python knows, finds the library by its SONAME.
#
# WINSHM_LIBRARY_DIR   where the library is
# WINSHM_PACKAGES_DIR  where things are installed; kept between runs
set -eu
here=$WINSHM_PACKAGES_DIR
. packages/lib/count.sh

[ -x "$here/venv/bin/mypy" ] || { virtualenv -q "$here/venv" && "$here/venv/bin/pip" install -q mypy; }
mypy() { "$here/venv/bin/mypy" --strict --cache-dir "$here/mypy" "$@"; }
count "mypy --strict" mypy python/winshm.py python/test_winshm.py

# A wrong type must be found.
sed 's/self._writable = writable/self._writable: str = writable/' python/winshm.py >"$here/wrong.py"
found() { ! mypy "$here/wrong.py" >/dev/null; }
count "mypy finds a wrong type" found

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
