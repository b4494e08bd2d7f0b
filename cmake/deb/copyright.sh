#!/bin/sh
# copyright.sh SOURCE_DIR - prints the copyright file of the Debian packages, in the
# machine-readable form: the project's own licences, and for each crate that is linked
# into the binaries who wrote it. A crate that may not be used under the MIT licence needs
# a decision here.
#
# CARGO   the cargo to ask; it needs no network after a build
set -eu

source_dir=$1
cd "$source_dir"
ask() { "${CARGO:-cargo}" "$@" --features tool --locked --offline --color never; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME vVERSION|FOLDER of all crates, whether linked or not.
ask metadata --format-version 1 --filter-platform x86_64-unknown-linux-gnu | awk 'BEGIN { RS = "[{]\"name\":\"" }
    /^[^"]+","version":"[^"]+","id":/ { split($0, words, "\""); crate = words[1] " v" words[5] }
    match($0, /"manifest_path":"[^"]*/) {
        path = substr($0, RSTART + 17, RLENGTH - 17)
        sub(/\/Cargo.toml$/, "", path)
        print crate "|" path
    }' >"$work/folders"

# What crates say of themselves: who, without "Copyright (c)".
holders() {
    cat "$1"/LICENSE* "$1"/COPYING* "$1"/COPYRIGHT* 2>/dev/null |
        sed -n 's/^ *Copyright \(([cC]) \)\{0,1\}\([0-9A-Z][^.]*[^. ]\)\.\{0,1\} *$/\2/p' | grep -v '\[yyyy\]\|{yyyy}' |
        awk '!seen[$0]++' || true
}

cat <<'EOF'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: winshm

Files: *
Copyright: the winshm authors
License: MIT or Apache-2.0

Files: rust-standard-library/*
Copyright: the Rust Project contributors
License: MIT or Apache-2.0
Comment: Not in the sources, but linked into the binaries, with the crates that it is
 made of. The same holds for the crates below.
EOF

ask tree -e normal,no-proc-macro --target x86_64-unknown-linux-gnu --prefix none --no-dedupe \
    -f '{p}|{l}' >"$work/tree"
grep -v '^winshm ' "$work/tree" | sort -u >"$work/linked"
while IFS='|' read -r crate license; do
    name=${crate%% *} version=${crate#* v}
    case " $(printf '%s' "$license" | sed 's/\// OR /g; s/[()]//g') " in
        *" AND "*) license= ;;
        " MIT " | *" OR MIT "* | *" MIT OR "*) license=MIT ;;
        *) license= ;;
    esac
    [ -n "$license" ] || { echo "copyright: under which licence is $crate used?" >&2; exit 1; }
    folder=$(sed -n "s/^$name v$version|//p" "$work/folders")
    [ -n "$folder" ] || { echo "copyright: where is $crate?" >&2; exit 1; }
    who=$(holders "$folder")
    printf '\nFiles: %s-%s/*\nCopyright: %s\nLicense: MIT\n' "$name" "$version" \
        "$(printf '%s' "${who:-the $name contributors}" | sed '2,$s/^/ /')"
done <"$work/linked"

cat <<'EOF'

License: Apache-2.0
 The full text of the Apache License, Version 2.0, is in the file
 /usr/share/common-licenses/Apache-2.0.

EOF
echo 'License: MIT'
sed '1,/^Copyright/d; /./,$!d' LICENSE-MIT | sed 's/^$/./; s/^/ /' | sed '1{/^ \.$/d;}'
