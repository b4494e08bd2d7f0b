#!/bin/sh
# fuzz/run.sh - each reader of src/fuzz under libFuzzer for WINSHM_FUZZ_SECONDS (60),
# from its corpus; WINSHM_FUZZ_TARGETS names some of them. Before that, the target with
# a planted fault: it is found within seconds only if the coverage guides.
#
# What is found besides is kept in target/fuzz/corpus, and what fails in target/fuzz/failures.
set -eu

cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-$PWD/../target}/fuzz
seconds=${WINSHM_FUZZ_SECONDS:-60}

# Counters and comparisons of every branch of the library, for libFuzzer.
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
export RUSTFLAGS
# With a target named, the flags are not for build scripts.
cargo build --release --locked --target x86_64-unknown-linux-gnu --target-dir "$target"
fuzzer=$target/x86_64-unknown-linux-gnu/release/winshm-fuzz

passed=0
failed=0
# fuzz TARGET SECONDS LOG: what libFuzzer says of it.
fuzz() {
    mkdir -p "$target/corpus/$1" "$target/failures"
    WINSHM_FUZZ_TARGET=$1 "$fuzzer" -max_total_time="$2" -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$target/failures/$1-" "$target/corpus/$1" "corpus/$1" >"$3" 2>&1
}
note() {
    if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

log=$target/planted.log
rm -rf "$target/corpus/planted"
if fuzz planted 60 "$log"; then
    echo "planted: not found in 60 s: the fuzzer is blind"
    note bad
elif grep -q 'the planted fault' "$log"; then
    echo "planted: the fault behind six bytes was found after $(grep -c '' "$log") lines, so the coverage guides"
    note ok
else
    tail -n 20 "$log"
    note bad
fi
rm -f "$target"/failures/planted-*

for name in ${WINSHM_FUZZ_TARGETS:-$(cd corpus && echo *)}; do
    [ "$name" != planted ] || continue
    log=$target/$name.log
    if fuzz "$name" "$seconds" "$log"; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        branches=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
        echo "$name: $runs inputs in $seconds s, $branches branches reached, none fails"
        note ok
    else
        tail -n 40 "$log"
        echo "$name: fails; the input is in $target/failures"
        note bad
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
