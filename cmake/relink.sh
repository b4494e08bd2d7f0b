#!/bin/sh
# relink.sh CARGO_RELEASE_DIR SONAME OUTPUT [LINKER_FLAGS] - links the shared library once
# more, from libwinshm.a, so that each exported symbol carries a version: WINSHM_0 for the
# SONAME libwinshm.so.0. Cargo cannot do that, because rustc has a version script of its
# own. Exported is what cargo's libwinshm.so exports.
#
# CC, NM   the tools to use
set -eu

release=$1 soname=$2 output=$3
shift 3
mkdir -p "$(dirname "$output")"
script=$output.map

"${NM:-nm}" -D --defined-only "$release/libwinshm.so" >"$script.symbols"
[ -s "$script.symbols" ] || { echo "relink: $release/libwinshm.so exports nothing" >&2; exit 1; }
{
    echo "WINSHM_${soname##*.} {"
    echo "    global:"
    awk '{ print "        " $3 ";" }' "$script.symbols"
    echo "    local: *;"
    echo "};"
} >"$script"

# nodelete and -Bsymbolic-functions for the reasons that build.rs gives; the rest as rustc links.
"${CC:-cc}" -shared -o "$output.new" -Wl,--whole-archive "$release/libwinshm.a" -Wl,--no-whole-archive \
    "-Wl,-soname,$soname" "-Wl,--version-script,$script" -Wl,--gc-sections -Wl,--as-needed -Wl,--eh-frame-hdr \
    -Wl,-z,nodelete -Wl,-Bsymbolic-functions -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,defs \
    -lgcc_s -lpthread -ldl -lc "$@"
mv "$output.new" "$output" # a whole one or none
