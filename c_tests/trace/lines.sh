# lines.sh - sourced, by scripts that look at what is traced, with ROOT as their argument: a folder of their
# own, programs that are compiled there, and what can be asked of lines.
# shellcheck shell=sh disable=SC2034 # what stories.sh uses
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/winshm-trace.XXXXXX")
clean_up() { rm -rf "$work"; }
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
chmod 711 "$work" # for other users, who are played by root
mkdir "$work/names"
export WINSHM_DIR="$work/names"
unset WINSHM_TRACE
cd "$work" || exit 1
. "$root/c_tests/stories.sh"

# compile SOURCE OPTION... - a source of c_tests/trace, by $compiler.
compiler="gcc -std=gnu11"
compile() {
    source=$root/c_tests/trace/$1
    shift
    # shellcheck disable=SC2086 # the compiler has options
    $compiler -O1 -Wall -Wextra -Werror "-I$root/include" "-I$root/include/compat" "$source" "$@" -pthread
}
# With the shared library.
compile_program() { compile "$1.c" -o "$1" "-L$library" -lwinshm "-Wl,-rpath,$library"; }

# Lines without what differs from run to run: "CALL = RESULT".
plain() {
    sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [0-9]+\.[0-9]+ //; s/ <[0-9]+\.[0-9]{6}>$//
        s/0x[0-9a-e][0-9a-f]{5,}/0x.../g' "$@"
}

# has COUNT TEXT FILE - so many lines begin with the text.
has() {
    found=$(plain "$3" | awk -v text="$2" 'BEGIN { found = 0 } index($0, text) == 1 { found++ } END { print found }')
    [ "$found" = "$1" ] || { printf '%s lines, not %s, begin with: %s\n' "$found" "$1" "$2"; cat "$3"; return 1; }
}

# Every line of a trace is of the form that the page describes, or a hint.
are_whole() {
    form='^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [0-9]+\.[0-9]+ [A-Za-z_0-9]+\(.*\)'
    ! grep -Ev "$form( = .*)? <[0-9]+\.[0-9]{6}>\$|$form \.\.\. sleeps\$|^  hint: " "$1"
}
