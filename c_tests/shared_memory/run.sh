#!/bin/sh
# Compiles programs with SharedMemory.h and SharedMemoryClassic.h, with every
# compiler and standard that they promise; what must not compile, too, and with
# which words. Runs the programs where there is a library.
#
#   run.sh INCLUDE_DIR
#
# INCLUDE_DIR has the headers.
# WINSHM_LIBRARY_DIR   where libwinshm.so is; without it nothing is run
#
# Prints a line per failure and the sum; the status is 0 if nothing failed.
set -u

if [ $# -ne 1 ] || [ ! -f "$1/SharedMemory.h" ]; then
    echo "usage: $0 INCLUDE_DIR (with SharedMemory.h)" >&2
    exit 2
fi
include=$(cd "$1" && pwd) || exit 2
library=${WINSHM_LIBRARY_DIR:-}
if [ -z "$library" ]; then
    echo "SKIPPED: running the programs, because WINSHM_LIBRARY_DIR is not set"
elif [ ! -e "$library/libwinshm.so" ]; then
    echo "$0: no libwinshm.so in $library" >&2
    exit 2
else
    library=$(cd "$library" && pwd) || exit 2
fi
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2

# System V keys of this run, one for each compiler, and their negatives.
first_key=$((0x40000000 + $$ * 4))
keys="gcc=$first_key g++=$((first_key + 1)) clang=$((first_key + 2)) clang++=$((first_key + 3))"
# What a program that failed has left; to ipcrm, a negative key is unsigned.
clean_up() {
    for key in $keys; do
        ipcrm -M "${key#*=}" -M $((0x100000000 - ${key#*=}))
    done >/dev/null 2>&1
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/names"
export WINSHM_DIR="$work/names"

# -I and not -isystem, which would hide the warnings of the headers.
flags="-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -I$include -I$include/compat"
passed=0
failed=0

pass() {
    passed=$((passed + 1))
}

fail() { # what was tried; the reason is in $work/log
    failed=$((failed + 1))
    reason=$(grep -m 1 -i -E 'error|failed:' "$work/log" || grep -m 1 . "$work/log")
    echo "FAILED: $*: $reason"
}

# compiles COMMAND...: the command succeeds.
compiles() {
    if "$@" -fsyntax-only >"$work/log" 2>&1; then pass; else fail "$*"; fi
}

# refuses TEXT COMMAND...: the command fails and says TEXT.
refuses() {
    text=$1
    shift
    if "$@" -fsyntax-only >"$work/log" 2>&1; then
        echo "compiled, which it must not" >"$work/log"
        fail "$*"
    elif grep -q -e "$text" "$work/log"; then
        pass
    else
        fail "$*"
    fi
}

# works COMMAND...: what the command builds, succeeds. Without a library the command does.
works() {
    if [ -z "$library" ]; then
        compiles "$@"
    elif "$@" -L"$library" -lwinshm "-Wl,-rpath,$library" -o "$work/program" >"$work/log" 2>&1 &&
        timeout 60 "$work/program" >"$work/output" 2>"$work/log"; then
        pass
    else
        [ -s "$work/log" ] || echo "the program failed" >"$work/log"
        fail "$*"
    fi
}

# Each header alone and twice, both, and beside the other headers of the library, first and last.
headers() { # compiler, standard, language
    for order in "SharedMemory" "SharedMemoryClassic" "SharedMemory SharedMemoryClassic SharedMemory" \
        "winshm SharedMemory windows" "SharedMemoryClassic SharedMemory winshm" "windows SharedMemoryClassic"; do
        for header in $order $order; do echo "#include <$header.h>"; done >"$work/headers.$3"
        echo "extern int not_empty;" >>"$work/headers.$3"
        compiles "$1" "-std=$2" $flags "$work/headers.$3"
    done
}

# refused TEXT EXPRESSION COMMAND...: the command refuses the expression, and says TEXT.
refused() {
    text=$1 expression=$2
    shift 2
    refuses "$text" "$@" "-DREFUSED=$expression"
}

c_refusals() { # compiler, standard, text
    compiles "$1" "-std=$2" $flags refused.c
    compiles "$1" "-std=$2" $flags -DCLASSIC refused.c
    for call in "SharedMemoryWriteArray(memory, pointer)" "SharedMemoryReadArray(memory, pointer)" \
        "SharedMemoryReadArray(memory, &array[1])" "SharedMemoryReadArray(memory, array + 1)"; do
        refused "$3" "$call" "$1" "-std=$2" $flags refused.c
    done
    refused "$3" "SharedMemoryRead(pointer)" "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused "$3" "SharedMemoryRead(&array[0])" "$1" "-std=$2" $flags -DCLASSIC refused.c
    # A wrong number of arguments is not taken for another one.
    refused 'Read_takes_1_or_3' 'SharedMemoryRead(memory, 4)' "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused 'Write_takes_2_or_3' 'SharedMemoryWrite(array)' "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused 'Create_takes_0_or_3' 'SharedMemoryCreate("name", 16)' "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused SHARED_MEMORY_CREATE 'SharedMemoryCreate("name")' "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused SHARED_MEMORY_WAIT 'SharedMemoryWait(memory)' "$1" "-std=$2" $flags -DCLASSIC refused.c
    refused 'excess elements' 'SharedMemoryFree(memory, memory)' "$1" "-std=$2" $flags -DCLASSIC refused.c
}

pointer="SharedMemory: a pointer does not know the size of what it points to"
view="SharedMemory: a view within an array or container is a pointer"
scattered="SharedMemory: the elements of this container do not lie in one piece"
trivial="SharedMemory: only trivially copyable objects and elements"
temporary="SharedMemory: this is a temporary"
constant="SharedMemory: this is const"

cxx_refusals() { # compiler, standard
    set -- "$1" "-std=$2" $flags refused.cpp
    compiles "$@"
    for argument in pointer nullptr "&sample" "&SharedMemoryClose" "&Sample::number" "std::string(3, 'x').c_str()"; do
        refused "$pointer" "SharedMemoryWrite(memory, $argument)" "$@"
        refused "$pointer" "SharedMemoryWriteAt(memory, 4, $argument)" "$@"
        refused "$pointer" "SharedMemoryRead(memory, $argument)" "$@"
        refused "$pointer" "SharedMemoryReadAt(memory, 4, $argument)" "$@"
    done
    for argument in "std::vector<char *>(2)" "std::array<char *, 2>()"; do
        refused "$pointer" "SharedMemoryWrite(memory, $argument)" "$@"
    done
    refused "$pointer" "SharedMemoryWriteArray(memory, pointer)" "$@"
    refused "$pointer" "SharedMemoryReadArray(memory, pointer)" "$@"

    for argument in "std::string[2]" "std::vector<std::string>" "std::vector<std::vector<int>>" Polymorphic; do
        refused "$trivial" "SharedMemoryWrite(memory, any<$argument>())" "$@"
        refused "$trivial" "SharedMemoryRead(memory, any<$argument>())" "$@"
    done
    refused "$trivial" "SharedMemoryWrite(memory, refused)" "$@"
    for argument in "std::list<int>" "std::vector<bool>" "std::initializer_list<int>" "std::list<int>[3]"; do
        refused "$scattered" "SharedMemoryWrite(memory, any<$argument>())" "$@"
        refused "$scattered" "SharedMemoryRead(memory, any<$argument>())" "$@"
    done

    for argument in 5 "sample.number + 1" "std::vector<int>(3)" "std::array<int, 3>()" "std::string(3, 'x')" \
        "Sample()"; do
        refused "$temporary" "SharedMemoryRead(memory, $argument)" "$@"
    done
    for argument in constant '"text"' "static_cast<const Sample &>(sample)"; do
        refused "$constant" "SharedMemoryRead(memory, $argument)" "$@"
        refused "$constant" "SharedMemoryReadAt(memory, 4, $argument)" "$@"
    done
}

view_refusals() { # compiler, standard
    set -- "$1" "-std=$2" $flags refused.cpp
    compiles "$@"
    refused "$view" "SharedMemoryWrite(memory, std::vector<std::string_view>(2))" "$@"
    refused "$view" "SharedMemoryWrite(memory, any<std::string_view[2]>())" "$@"
    refused "$constant" "SharedMemoryRead(memory, std::string_view(pointer))" "$@"
    refused "$pointer" "SharedMemoryRead(memory, pointer)" "$@"
}

# The documents' two processes: the second gets what the first wrote, and ends.
documents() { # compiler, standard, key
    for program in first second; do
        sed "s/KEY_NUM   1234/KEY_NUM   $3/" $program.cpp >"$work/$program.cpp"
        # The documents do not use argc and argv.
        works "$1" "-std=$2" $flags -Wno-unused-parameter "$work/$program.cpp"
    done
    if [ -n "$library" ]; then
        [ "$(cat "$work/output")" = "Receive data from shared memory!" ] || fail "the second process with $1 $2"
        ipcrm -M "$3" || fail "the first process with $1 $2 left no segment"
    fi
}

c_compiler() { # compiler, key
    for standard in c99 c11 c17 gnu11; do
        headers $1 $standard c
        works $1 -std=$standard $flags typed.c
        works $1 -std=$standard $flags "-DKEY_NUM=$2" classic.c classic_other.c
    done
    c_refusals $1 c99 SharedMemory_a_pointer_does_not_know_the_size_of_what_it_points_to
    c_refusals $1 c11 "$pointer"
}

cxx_compiler() { # compiler, key
    for standard in c++11 c++14 c++17 c++20; do
        headers $1 $standard cpp
        works $1 -std=$standard $flags -Wold-style-cast typed.cpp
        works $1 -std=$standard $flags "-DKEY_NUM=$2" -xc++ classic.c classic_other.c -xnone
        documents $1 $standard "$2"
    done
    if [ $1 = g++ ]; then # memory errors and undefined behaviour in the templates and inline functions
        sanitized="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
        works $1 -std=c++17 $flags $sanitized typed.cpp
        works $1 -std=c++17 $flags $sanitized "-DKEY_NUM=$2" -xc++ classic.c classic_other.c -xnone
    fi
    cxx_refusals $1 c++11
    view_refusals $1 c++20
    # Somebody else's header may include ours within extern "C".
    printf 'extern "C" {\n#include <SharedMemory.h>\n}\nextern int not_empty;\n' >"$work/headers.cpp"
    compiles $1 $flags "$work/headers.cpp"
}

# The compilers work side by side, each in a folder of its own.
sums=
for entry in $keys; do
    compiler=${entry%%=*}
    if ! command -v $compiler >/dev/null; then
        echo "SKIPPED: everything with $compiler, which is not installed"
        continue
    fi
    sums="$sums $work/$compiler/sum"
    (
        trap - EXIT
        work=$work/$compiler
        mkdir "$work"
        case $compiler in
            *++) cxx_compiler $compiler "${entry#*=}" ;;
            *) c_compiler $compiler "${entry#*=}" ;;
        esac
        echo "$passed $failed" >"$work/sum"
    ) &
done
wait

[ -n "$sums" ] || { echo "no compiler was found" >&2; exit 2; }
for sum in $sums; do
    # Without a sum, the work on that compiler ended before its time.
    if ! read -r good bad <"$sum"; then
        echo "FAILED: $sum was not written"
        good=0 bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
