#!/bin/sh
# readme.sh ROOT - does what README.md of the repository ROOT says: writes its
# programs into a folder that looks like the repository, runs its commands there
# and compares what they print. Needs gcc, cmake, make, pkg-config and cargo.
#
# A fenced block takes part if the line before it is one of
#
#   <!-- readme.sh: file PATH -->   write the block to PATH
#   <!-- readme.sh: run -->         run the block with sh -e
#   <!-- readme.sh: output -->      the run before printed exactly the block
#
# WINSHM_LIBRARY_DIR   the result of `cargo build --release`; else ROOT/target/release
#
# Prints a line per failure and the sum; the status is 0 if nothing failed.
set -eu

root=$(cd "$1" && pwd)
library=${WINSHM_LIBRARY_DIR:-$root/target/release}
[ -e "$library/libwinshm.so" ] || { echo "readme.sh: no libwinshm.so in $library" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset LD_LIBRARY_PATH LD_RUN_PATH PKG_CONFIG_PATH

# A folder like the repository, with names of its own. Copies, because installing
# from a link would write through it.
here=$work/here
mkdir -p "$here/target" "$here/app" "$work/names" "$work/blocks"
for entry in CMakeLists.txt Cargo.toml Cargo.lock build.rs src cmake include examples; do
    cp -R "$root/$entry" "$here/$entry"
done
ln -s "$library" "$here/target/release"
ln -s .. "$here/app/winshm"
WINSHM_DIR=$work/names
export WINSHM_DIR

# Each block in a file NN, what is to be done with it in NN.what.
awk -v folder="$work/blocks" '
    /^<!-- readme[.]sh: .* -->$/ {
        what = $0
        gsub(/^<!-- readme[.]sh: | -->$/, "", what)
        next
    }
    /^```/ && inside { inside = 0; what = ""; close(block); next }
    /^```/ && what != "" {
        inside = 1
        block = sprintf("%s/%02d", folder, ++blocks)
        print what > (block ".what")
        close(block ".what")
        printf "" > block
        next
    }
    inside { print > block }
' "$root/README.md"

passed=0
failed=0
fail() { # what failed; what it printed is in $work/log
    failed=$((failed + 1))
    echo "FAILED: $*"
    sed 's/^/    /' "$work/log"
}

: >"$work/printed"
for block in "$work"/blocks/[0-9][0-9]; do
    [ -e "$block" ] || { echo "README.md has no blocks for readme.sh" >&2; exit 2; }
    what=$(cat "$block.what")
    case $what in
        "file "*) cp "$block" "$here/${what#file }" ;;
        run)
            if (cd "$here" && sh -e "$block") >"$work/printed" 2>"$work/log"; then
                passed=$((passed + 1))
            else
                cat "$work/printed" >>"$work/log"
                fail "the block that begins with: $(head -n 1 "$block")"
            fi
            ;;
        output)
            if diff "$block" "$work/printed" >"$work/log"; then
                passed=$((passed + 1))
            else
                fail "< README.md, > what was printed"
            fi
            ;;
        *)
            echo "$what" >"$work/log"
            fail "unknown mark"
            ;;
    esac
done

# Written above but run by no block: the project that uses winshm by CMake. What
# cargo built for the installation is built.
cp "$here/hello.c" "$here/app/hello.c"
if {
    cmake -S "$here/app" -B "$work/app" "-DWINSHM_CARGO_TARGET_DIR=$here/build/cargo" &&
        cmake --build "$work/app" && "$work/app/app"
} >"$work/log" 2>&1; then
    passed=$((passed + 1))
else
    fail "app/CMakeLists.txt"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
