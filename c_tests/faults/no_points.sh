#!/bin/sh
# no_points.sh LIBRARY... - the libraries that programs get have no fault points: no name
# of one, no planted fault, no symbol of src/plant.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Names as `openat: list`, and those of planted faults, as `no-scan`.
grep -rhoE --include='*.rs' '"[A-Za-z_0-9 ]+: [A-Za-z_0-9 ]+"' src/sys src/sync src/namespace src/shared_memory |
    tr -d '"' | sort -u >"$work/names"
sed -n 's/^pub const .*: &str = "\(.*\)";/\1/p' src/plant/mod.rs >>"$work/names"
[ "$(wc -l <"$work/names")" -gt 120 ] || { echo "the names are not found in the sources"; exit 1; }

look() { grep -a -o -F -f "$1" "$2" | sort -u; }

for library; do
    look "$work/names" "$library" >"$work/found" || true
    if [ -s "$work/found" ]; then
        echo "$library has fault points:"
        cat "$work/found"
        exit 1
    fi
    if nm -C "$library" 2>/dev/null | grep -E 'winshm::plant|5plant' >"$work/found"; then
        echo "$library has symbols of fault points:"
        cat "$work/found"
        exit 1
    fi
    # What is certainly there is found: the search works.
    echo "/dev/shm" >"$work/there"
    [ -n "$(look "$work/there" "$library")" ] || { echo "$library has no text at all"; exit 1; }
    # And so is a planted name.
    { cat "$library" && head -n 1 "$work/names"; } >"$work/planted"
    [ -n "$(look "$work/names" "$work/planted")" ] || { echo "a planted name was not found"; exit 1; }
done
echo "$(wc -l <"$work/names") names, none in $# libraries"
