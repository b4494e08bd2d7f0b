#!/bin/sh
# cargo.sh - the tool is installed by cargo, and the crate is what crates.io takes.
#
# `cargo install` puts the tool into a folder, from which it runs and is removed. The crate
# has what builds it and what programs need, and no more; `cargo publish --dry-run` builds
# it from that, and needs no account.
#
# WINSHM_PACKAGES_DIR      where to build and install; kept between runs
set -eu
here=$WINSHM_PACKAGES_DIR
. packages/lib/count.sh
CARGO_TARGET_DIR=$here/target
WINSHM_DIR=$here/names
export CARGO_TARGET_DIR WINSHM_DIR
rm -rf "${here:?}/installed" "${here:?}/names" "${here:?}/target/package"
mkdir -p "$WINSHM_DIR"

said=$here/said
says() { # WORDS COMMAND...
    words=$1
    shift
    quietly "$@" && grep -q -F -e "$words" "$said" || { cat "$said"; return 1; }
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
tool=$here/installed/bin/winshm
count "cargo install" quietly cargo install --path . --features tool --root "$here/installed" --locked
count "the tool runs from there" says "winshm $version" "$tool" --version
count "it holds an object" says "Local\\Installed" "$tool" create event 'Local\Installed' -- "$tool" ls
alone() { ldd "$tool" >"$said" && ! grep winshm "$said"; }
count "it needs no libwinshm.so" alone
removed() { quietly cargo uninstall --root "$here/installed" winshm && [ ! -e "$tool" ]; }
count "cargo uninstall" removed

# What a list of files lacks, and what it should not have.
wrong() {
    for file in Cargo.toml Cargo.lock build.rs build_script/exports.rs cbindgen.toml README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE \
        src/lib.rs src/bin/winshm/main.rs include/winshm.h include/SharedMemory.h include/compat/windows.h; do
        grep -q -x -F -e "$file" "$1" || echo "without $file"
    done
    grep -v -x -E '[^/]*|build_script/.*[.]rs|src/.*|include/.*[.][hH]' "$1" || true
}
cargo package --list --locked --allow-dirty >"$here/list" 2>"$said"
nothing_wrong() { [ -z "$(wrong "$1")" ] || { wrong "$1"; return 1; }; }
count "files of the crate" nothing_wrong "$here/list"
{ grep -v -x build.rs "$here/list" && echo c_tests/check.h; } >"$here/planted"
found() { [ "$(wrong "$here/planted" | tr '\n' ' ')" = "without build.rs c_tests/check.h " ]; }
count "planted: a file too few, one too many" found

count "cargo publish --dry-run" quietly cargo publish --dry-run --locked --allow-dirty
quietly cargo package --no-verify --locked --allow-dirty
small() { [ "$(wc -c <"$here/target/package/winshm-$version.crate")" -lt 2000000 ]; }
count "the crate has less than 2 MB" small
# What crates.io asks for: at most five keywords of at most 20 letters, and at most five categories.
words() { sed -n "s/^$1 = \[\(.*\)\]/\1/p" Cargo.toml | tr -d '" ' | tr , '\n'; }
few() { [ "$(words keywords | wc -l)" -le 5 ] && [ "$(words categories | wc -l)" -le 5 ] && ! words keywords | grep -E '.{21}'; }
count "keywords and categories" few

conclude
