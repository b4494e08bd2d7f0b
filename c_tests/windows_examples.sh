#!/bin/sh
# windows_examples.sh ROOT [native | wine | record] - the programs of
# examples/windows print what is in examples/windows/expected and end with 0.
#
#   native  built with gcc and g++ against the library (the default)
#   wine    built with mingw-w64, on Wine
#   record  the same, and what they print becomes what is expected
#
# A program that includes tchar.h is built twice, the second time with UNICODE.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release);
# WINSHM_EXAMPLE_FLAGS are further flags for the compiler; WINSHM_EXAMPLES is a pattern
# for the sources to take.
set -eu
root=$(cd "$1" && pwd)
mode=${2:-native}
library=${WINSHM_LIBRARY_DIR:-$root/target/release}
sources=$root/examples/windows
wine=${WINE:-wine64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0
run=

# What follows from the system: a compiler's beginning, endings, and flags that all
# programs have. Windows sources print a DWORD with %lu or %d as it comes.
case $mode in
    native)
        prefix='' ending='' dll=so
        all="${WINSHM_EXAMPLE_FLAGS:--O2} -Wall -Wno-format -I$root/include -I$root/include/compat"
        libraries="-L$library -lwinshm -Wl,-rpath,$library -pthread"
        ;;
    wine | record)
        prefix=x86_64-w64-mingw32- ending=.exe dll=dll
        # printf as in Microsoft's C library, and no DLLs beside the programs.
        all="-O2 -Wall -Wno-format -D__USE_MINGW_ANSI_STDIO=0"
        libraries="-static -ladvapi32"
        export WINEDEBUG=-all
        ;;
    *)
        echo "usage: $0 ROOT [native | wine | record]" >&2
        exit 2
        ;;
esac

has() { grep -q "$2" "$sources/$1"; }

# flags_of SOURCE VARIANT
flags_of() {
    flags=$all
    [ "$2" != unicode ] || flags="$flags -DUNICODE -D_UNICODE"
    if [ "$mode" = native ]; then
        # Portable sources choose their branch for Windows by it.
        ! has "$1" 'if.*_WIN32\>' || flags="$flags -D_WIN32"
    elif has "$1" wmain || [ "$2" = unicode ]; then
        flags="$flags -municode"
    fi
    echo "$flags"
}

# Prints a line for each program: its source, a variant, and where it is built.
programs() {
    for path in "$sources"/*.c "$sources"/*.cpp; do
        source=$(basename "$path")
        # shellcheck disable=SC2254 # a pattern
        case $source in ${WINSHM_EXAMPLES:-*}) ;; *) continue ;; esac
        name=${source%.*}
        [ "$name" = "${name%_dll}" ] || continue # part of the program of that name
        echo "$source ansi $name.ansi"
        ! has "$source" '<tchar.h>' || echo "$source unicode $name.unicode"
    done
}

# build SOURCE VARIANT DIRECTORY
build() {
    mkdir -m 700 "$work/$3" "$work/$3/names"
    case $1 in *.c) compiler="${prefix}gcc -std=c11" ;; *) compiler="${prefix}g++ -std=c++17" ;; esac
    flags=$(flags_of "$1" "$2")
    name=${1%.*}
    parts=$sources/$1
    # shellcheck disable=SC2086 # commands with their flags, and lists of flags
    {
        if [ -f "$sources/${name}_dll.c" ]; then
            parts="$parts $work/$3/${name}_dll.$dll"
            $compiler $flags -fPIC -shared "$sources/${name}_dll.c" -o "$work/$3/${name}_dll.$dll" $libraries
        fi
        $compiler $flags $parts -o "$work/$3/$name$ending" $libraries
    } >"$work/$3/log" 2>&1 || touch "$work/$3/not_built"
}

# Runs program $1 in its own directory, with names and temporary files of its own;
# afterwards nothing that it has started is left.
execute() {
    status=0
    (
        cd "$1"
        case $mode in
            native) WINSHM_DIR=$PWD/names TMPDIR=$PWD exec timeout 60 "./$2" ;;
            *) exec timeout 60 "$wine" "./$2.exe" ;;
        esac
    ) </dev/null >"$1/raw" 2>"$1/log" &
    run=$!
    wait $run || status=$?
    kill -9 -- -$run 2>/dev/null || true # timeout made a process group of its own
    tr -d '\r' <"$1/raw" >"$1/output"
    return $status
}

examine() { # source, variant, directory
    name=${1%.*}
    expected=$sources/expected/$name.txt
    if [ -e "$3/not_built" ]; then
        echo "it does not build" >"$3/reason"
    elif ! execute "$3" "$name"; then
        echo "it ended with $status" >"$3/reason"
    elif [ "$mode" = record ] && [ "$2" = ansi ]; then
        cp "$3/output" "$expected"
        return 0
    elif diff "$expected" "$3/output" >"$3/reason" 2>&1; then
        return 0
    fi
    return 1
}

[ "$mode" != record ] || mkdir -p "$sources/expected"
cd "$work"
programs >list
# As many compilers at a time as there are processors.
slots=$(nproc)
while read -r source variant directory; do
    build "$source" "$variant" "$directory" &
    slots=$((slots - 1))
    if [ $slots -eq 0 ]; then
        wait
        slots=$(nproc)
    fi
done <list
wait

while read -r source variant directory; do
    if examine "$source" "$variant" "$directory"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "windows_examples.sh: failed: $source, $variant, $mode: $(head -n 1 "$directory/reason")"
        sed 's/^/    /' "$directory/reason" "$directory/log" | head -n 30
    fi
done <list

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
