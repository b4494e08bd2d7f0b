#!/bin/sh
# oracle.sh ROOT - the conformance programs, and the programs of examples/windows,
# on this library and, where mingw-w64 and Wine are installed, on Wine.
#
# The conformance programs are in ROOT/../shared/oracle, or in the folder that
# WINSHM_ORACLE names. They come with what Windows prints; the status is 0 if the
# library prints the same, and the examples print what is committed for them. A
# table tells where Windows, Wine and the library differ: Wine is a second opinion,
# and not being of Windows' opinion is no failure of it.
#
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release),
# CARGO_TARGET_DIR where what is built here may stay (default: ROOT/target).
set -eu
root=$(cd "$1" && pwd)
export WINSHM_LIBRARY_DIR="${WINSHM_LIBRARY_DIR:-$root/target/release}"
oracle=${WINSHM_ORACLE:-$root/../shared/oracle}
work=${CARGO_TARGET_DIR:-$root/target}/oracle
mkdir -p "$work"
work=$(cd "$work" && pwd)
failed=

say() { printf '\n== %s\n' "$*"; }
shout() { printf '\n*** SKIPPED: %s ***\n' "$*"; }
fails() { failed="$failed
  $*"; }

# Wine starts 64-bit programs only; the launcher `wine` would ask for the others.
wine=$(command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null || command -v wine || true)
has_wine=no
if [ -n "$wine" ] && command -v x86_64-w64-mingw32-gcc >/dev/null && command -v x86_64-w64-mingw32-g++ >/dev/null; then
    has_wine=yes
    # An installation of Wine of our own, without windows, a desktop's menus, .NET and a browser.
    export WINE="$wine" WINEPREFIX="${WINEPREFIX:-$work/wine}" WINEDEBUG=-all
    export WINEDLLOVERRIDES="mscoree=;mshtml=;winemenubuilder.exe="
    unset DISPLAY WAYLAND_DISPLAY
    mkdir -p "$WINEPREFIX"
fi

# --- 1. The conformance programs --------------------------------------------

# Compares all programs; those that are missing have printed nothing. By clang,
# because misc.c looks at the end of a text in one argument of a call and cuts it off in
# the next: that works where arguments are evaluated from left to right, not by gcc.
on_this_library() {
    CC="clang -I$root/include" ./build.sh native "$root/include/compat" "$WINSHM_LIBRARY_DIR" 2>native.log ||
        { grep -E 'error|warning: implicit|undefined|FAIL' native.log; fails "conformance programs do not build"; }
    mkdir -m 700 names
    WINSHM_DIR=$PWD/names ./run.sh native || fails "conformance programs differ from Windows"
}
on_wine() {
    ./build.sh wine 2>wine.log || { cat wine.log; fails "conformance programs do not build for Windows"; }
    ./run.sh wine || fails "conformance programs do not finish on Wine"
    say "where Windows, Wine and this library differ"
    for expected in expected/*.txt; do
        topic=$(basename "$expected" .txt)
        [ "$topic" = overrides ] || python3 cmp.py "$topic" --merged >"windows/$topic.txt"
    done
    python3 "$root/c_tests/oracle_table.py" windows out-wine out-native
}

if [ ! -f "$oracle/build.sh" ]; then
    shout "the conformance programs: there is no $oracle (WINSHM_ORACLE can name another folder)"
elif ! command -v python3 >/dev/null || ! command -v clang >/dev/null; then
    shout "the conformance programs: they need clang, and python3 compares"
else
    rm -rf "$work/programs"
    cp -R "$oracle" "$work/programs"
    cd "$work/programs"
    mkdir windows
    say "conformance programs on this library"
    on_this_library
    if [ $has_wine = yes ]; then
        say "conformance programs on $("$wine" --version)"
        on_wine
    fi
fi

# --- 2. The programs of examples/windows --------------------------------------

say "examples/windows on this library"
"$root/c_tests/windows_examples.sh" "$root" native || fails "examples/windows on this library"
if [ $has_wine = yes ]; then
    say "examples/windows on Wine"
    "$root/c_tests/windows_examples.sh" "$root" wine || fails "examples/windows on Wine"
else
    shout "all that runs on Wine: it needs wine64 and the C and C++ compilers of mingw-w64"
fi

echo
[ -z "$failed" ] || printf 'Failed:%s\n' "$failed"
[ -z "$failed" ]
