#!/bin/sh
# own_cargo.sh - run in a fresh root by root.sh: its own cargo builds the sources with the
# crates in /debs/vendor.
set -eu

cd /source
. packages/lib/count.sh
# shellcheck disable=SC2034 # for quietly
said=/tmp/log
export CARGO_TARGET_DIR=/tmp/target

oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
count "its cargo is the oldest that is promised" sh -c 'cargo --version | grep -q -F " $1."' sh "$oldest"
own() {
    quietly cargo "$@" --locked --offline --config 'source.crates-io.replace-with = "vendored"' \
        --config 'source.vendored.directory = "/debs/vendor"'
}
count "the library" own build
count "the tool" own build --features tool
count "it runs" sh -c '/tmp/target/debug/winshm doctor | grep -q futex_waitv'
count "the tests" own check --all-targets --features header,tool
conclude
