#!/bin/sh
# Compiles Windows sources against the drop-in headers, with every compiler,
# standard and mode that they promise, and runs those that need no library.
#
#   run.sh INCLUDE_DIR COMPAT_DIR
#
# INCLUDE_DIR has winshm.h, COMPAT_DIR has windows.h. Prints a line per failure
# and the sum; the status is 0 if nothing failed.
set -u

if [ $# -ne 2 ] || [ ! -f "$1/winshm.h" ] || [ ! -f "$2/windows.h" ]; then
    echo "usage: $0 INCLUDE_DIR (with winshm.h) COMPAT_DIR (with windows.h)" >&2
    exit 2
fi
include=$(cd "$1" && pwd) || exit 2
compat=$(cd "$2" && pwd) || exit 2
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# -I and not -isystem, which would hide the warnings of the headers.
flags="-Wall -Wextra -Wpedantic -Werror -I$include -I$compat"
c_standards="c99 c11 gnu17"
cxx_standards="c++11 c++17 c++20"
threaded="interlocked.c critical_section.c srwlock.c condition.c once.c tls.c"
library="crt.c words.c strsafe.c conio.c"
passed=0
failed=0
arguments=

pass() {
    passed=$((passed + 1))
}

fail() { # what was tried; the reason is in $work/log
    failed=$((failed + 1))
    reason=$(grep -a -m 1 -i error "$work/log" || grep -a -m 1 . "$work/log")
    echo "FAILED: $*: $reason"
}

# compiles COMMAND...: the command succeeds.
compiles() {
    if "$@" >"$work/log" 2>&1; then pass; else fail "$*"; fi
}

# refuses TEXT COMMAND...: the command fails and says TEXT.
refuses() {
    text=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "compiled, which it must not" >"$work/log"
        fail "$*"
    elif grep -q "$text" "$work/log"; then
        pass
    else
        fail "$*"
    fi
}

# prints FILE COMMAND...: what the command builds prints the contents of FILE.
# $arguments are the program's arguments, one per line.
prints() {
    expected=$1
    shift
    if ! "$@" -o "$work/program" >"$work/log" 2>&1; then
        fail "$*"
        return
    fi
    if ! (
        IFS='
'
        set -f
        LC_ALL=C exec timeout 120 "$work/program" $arguments
    ) >"$work/output" 2>"$work/log"; then
        [ -s "$work/log" ] || echo "the program failed" >"$work/log"
        fail "$*"
    elif ! cmp -s "$expected" "$work/output"; then
        diff -a "$expected" "$work/output" | grep -a '^[<>]' >"$work/log"
        fail "$*"
    else
        pass
    fi
}

# Each header alone, and twice, in C and C++. Those that only include another one do not need every compiler.
headers_alone() { # compiler, standard, language
    for header in "$compat"/*.[hH]; do
        case $1 in clang*) grep -q '^#define [^W]\|^static' "$header" || continue ;; esac
        name=$(basename "$header")
        printf '#include <%s>\n#include <%s>\nextern int not_empty;\n' "$name" "$name" >"$work/alone.$3"
        compiles $1 -std=$2 $flags -fsyntax-only "$work/alone.$3"
    done
}

# The public headers in two orders, with the library's own header first and last, in every mode.
headers_together() { # compiler, standard, language
    printf '#include <%s>\n' winshm.h tchar.h winbase.h memoryapi.h process.h synchapi.h Windows.h stdio.h wchar.h \
        wctype.h io.h sddl.h AclAPI.h malloc.h intrin.h strsafe.h winternl.h initguid.h signal.h >"$work/together.$3"
    printf '#include <%s>\n' conio.h initguid.h intrin.h direct.h windows.h handleapi.h errhandlingapi.h \
        processthreadsapi.h crtdbg.h share.h lmcons.h malloc.h tchar.h winshm.h pthread.h time.h values.h \
        sys/stat.h fcntl.h unistd.h termios.h cpuid.h >"$work/reversed.$3"
    for mode in "" "-DUNICODE" "-D_WIN32 -DWIN32 -D_WIN64" "-fshort-wchar" "-DWINSHM_CHAR16" \
        "-DUNICODE -DNOMINMAX -DWINSHM_NATIVE_WPRINTF"; do
        compiles $1 -std=$2 $flags $mode -fsyntax-only "$work/together.$3" "$work/reversed.$3"
    done
}

# Programs whose threads meet in locks and the like. They compile everywhere and run
# once per compiler, because they take their time.
threads() { # compiler with language, standard, options
    for source in $threaded; do
        arguments='' prints /dev/null $1 -std=$2 $flags -pthread $3 $source
    done
}

# What the C library of Windows has, and the lesser parts of windows.h. Each standard compiles them.
library() { # compiler with language, standard
    for source in $library; do
        arguments='' prints /dev/null $1 -std=$2 $flags $source
        arguments='' prints /dev/null $1 -std=$2 $flags -O2 -DUNICODE -D_WIN32 -DWIN32 -D_WIN64 $source
    done
}

# A DllMain in a shared library of two sources, whatever their order, and one in the program.
dll_main() { # compiler with language, standard
    for number in 1 2; do
        compiles $1 -std=$2 $flags -fPIC -DLIBRARY=$number -c dll.c -o "$work/dll$number.o"
    done
    for order in "1 2" "2 1"; do
        # shellcheck disable=SC2086 # two numbers
        set -- "$1" "$2" $order
        compiles gcc -shared "$work/dll$3.o" "$work/dll$4.o" -o "$work/libdll.so"
        arguments=$work/libdll.so prints dll.expected $1 -std=$2 $flags dll.c
    done
}

# Programs that are the same in C and C++.
programs() { # compiler with language, standard
    for text in "" -DUNICODE; do
        arguments=$hello_arguments prints hello.expected $1 -std=$2 $flags $text hello.c
        arguments='' prints /dev/null $1 -std=$2 $flags -O2 $text strings.c
        arguments=$work/bytes prints "$work/bytes" $1 -std=$2 $flags $text streams.c
    done
    for form in 1 2 3; do
        arguments=$bytes prints "$work/wmain" $1 -std=$2 $flags -DFORM=$form wmain.c
    done
    arguments=$bytes prints "$work/wmain" $1 -std=$2 $flags -O2 -DFORM=1 wmain.c
    arguments='' prints /dev/null $1 -std=$2 $flags -O2 wide_format.c
    arguments='' prints /dev/null $1 -std=$2 $flags annotations.c
    compiles $1 -std=$2 $flags -DBUILD_DLL -fsyntax-only annotations.c
    for mode in "" -DUNICODE -D_UNICODE; do
        compiles $1 -std=$2 $flags $mode -fsyntax-only shared_memory.c
    done
    for mode in -fshort-wchar -DWINSHM_CHAR16 "-fshort-wchar -DUNICODE" "-DWINSHM_CHAR16 -DUNICODE"; do
        case $2$mode in c99-DWINSHM_CHAR16*) continue ;; esac # C99 has no u"..."
        compiles $1 -std=$2 $flags $mode -fsyntax-only narrow_units.c
    done
}

cxx_programs() { # compiler, standard
    arguments='' prints annotations_cpp.expected $1 -std=$2 $flags annotations.cpp
    # Few, because the whole C++ library takes most of the time of this script.
    if [ $2 = c++17 ]; then
        compiles $1 -std=$2 $flags -fsyntax-only mixed_before.cpp
        return
    fi
    for source in mixed_before.cpp mixed_after.cpp; do
        compiles $1 -std=$2 $flags -DUNICODE -D_WIN32 -DWIN32 -D_WIN64 -fsyntax-only $source
    done
}

# A variable of a wrong type is refused, in words where it is a matter of size.
interlocked_refusals() { # compiler, language
    refuse_statement "$1" $2 "nteger.*4.or.8.bytes" 'SHORT' 'InterlockedIncrement(&variable);'
    refuse_statement "$1" $2 "nteger.*4.or.8.bytes" 'volatile unsigned char' 'InterlockedOr(&variable, 1);'
    refuse_statement "$1" $2 "64.*needs.*nteger.*8.bytes" 'LONG' 'InterlockedExchange64(&variable, 1);'
    refuse_statement "$1" $2 error 'double' 'InterlockedExchangeAdd(&variable, 1);'
    refuse_statement "$1" $2 error 'PVOID' 'InterlockedDecrement(&variable);'
    refuse_statement "$1" $2 error 'LONG' 'InterlockedExchangePointer(&variable, NULL);'
    refuse_statement "$1" $2 error 'LONG64' 'InterlockedCompareExchangePointer(&variable, NULL, NULL);'
    refuse_statement "$1" $2 error 'const LONG' 'InterlockedIncrement(&variable);'
}

refuse_statement() { # compiler, language, text, type, statement
    printf '#include <windows.h>\nextern %s variable;\nvoid function(void);\nvoid function(void) { %s }\n' "$4" "$5" \
        >"$work/refused.$2"
    refuses "$3" $1 $flags -fsyntax-only "$work/refused.$2"
}

refusals() { # compiler
    printf '#include <tchar.h>\n' >"$work/refused.c"
    for mode in -fshort-wchar -DWINSHM_CHAR16; do
        refuses "tchar.h with UNICODE needs a 32-bit wchar_t" $1 $flags -DUNICODE $mode -fsyntax-only "$work/refused.c"
    done
    printf '#include <winshm.h>\n#define _UNICODE\n#include <windows.h>\n' >"$work/refused.c"
    refuses "define UNICODE for the whole program" $1 $flags -fsyntax-only "$work/refused.c"
    printf '#include <windows.h>\n__declspec(unheard_of) extern int variable;\n' >"$work/refused.c"
    refuses "unheard_of" $1 $flags -fsyntax-only "$work/refused.c"
}

# Strings of 16-bit wchar_t are not for the C library.
short_refusals() { # compiler, which is gcc, and language
    for source in "length(const WCHAR *text) { return (int)wcslen(text); }" \
        "length(const WCHAR *text) { return fputws(text, stdout); }"; do
        printf '#include <windows.h>\nint length(const WCHAR *);\nint %s\n' "$source" >"$work/refused.$2"
        refuses "takes wchar_t to have 32 bits: use lstrlenW" $1 $flags -fshort-wchar -c "$work/refused.$2" -o "$work/refused.o"
    done
}

# Structured exceptions are refused in one sentence and no others.
exception_refusals() { # compiler, language
    cat >"$work/seh.$2" <<'END'
#include <windows.h>
int function(int *value);
int function(int *value)
{
    __try {
        if (*value == 3)
            __leave;
        *value = 1;
    } __except (GetExceptionCode() == 5 ? 1 : 0) {
        return 0;
    }
    return 1;
}
END
    refuses "__try, __except and __finally do not exist on Linux" $1 $flags -fsyntax-only "$work/seh.$2"
    if [ "$(grep -c 'error:' "$work/log")" = 1 ]; then pass; else fail "more than one error: $1"; fi
}

# Memory errors and leaks in the helpers.
sanitized() { # compiler with language
    sanitizers="-g -fsanitize=address,undefined -fno-sanitize-recover=all"
    printf 'int main(void) { return 0; }\n' >"$work/empty.c"
    if ! gcc $sanitizers "$work/empty.c" -o "$work/program" 2>/dev/null || ! "$work/program"; then
        echo "SKIPPED: the sanitizers, which do not work here"
        return
    fi
    arguments=$hello_arguments prints hello.expected $1 $flags $sanitizers -DUNICODE hello.c
    arguments='' prints /dev/null $1 $flags $sanitizers -DUNICODE strings.c
    arguments='' prints /dev/null $1 $flags $sanitizers wide_format.c
    arguments=$work/bytes prints "$work/bytes" $1 $flags $sanitizers -DUNICODE streams.c
    arguments=$bytes prints "$work/wmain" $1 $flags $sanitizers -DFORM=1 wmain.c
    for source in $library; do
        arguments='' prints /dev/null $1 $flags $sanitizers -DUNICODE $source
    done
}

# Memory errors in the programs with threads, and unprotected data. The latter not in
# interlocked.c, whose threads read and write at the same time on purpose.
sanitized_threads() { # compiler with language
    for sanitizer in address,undefined thread; do
        sanitizers="-g -O1 -fsanitize=$sanitizer -fno-sanitize-recover=all -pthread"
        printf 'int main(void) { return 0; }\n' >"$work/empty.c"
        if ! gcc $sanitizers "$work/empty.c" -o "$work/program" 2>/dev/null || ! "$work/program"; then
            echo "SKIPPED: the sanitizer of $sanitizer, which does not work here"
            continue
        fi
        for source in $threaded; do
            case $sanitizer-$source in thread-interlocked.c) continue ;; esac
            arguments='' prints /dev/null $1 $flags $sanitizers $source
        done
    done
}

hello_arguments='plain
grüße €
😀'
# Text that is not UTF-8 throughout: a lone byte, an encoded surrogate, a character cut short.
bytes=$(printf 'A\377\355\240\200')
printf '1 %s\n' "$bytes" >"$work/wmain"
printf 'first\nlonger than the buffer, gr\303\274\303\237e \360\237\230\200\n\377\355\240\200 \342\202x\n\303' \
    >"$work/bytes"

c_compiler() {
    headers_alone $1 c11 c
    for standard in $c_standards; do
        # What compiles as the oldest and as the newest C does so in between.
        if [ $standard != c11 ]; then
            headers_together $1 $standard c
            programs $1 $standard
        fi
        compiles $1 -std=$standard $flags -fsyntax-only $threaded $library
    done
    threads $1 c99 -O2
    library $1 c99
    dll_main $1 c11
    refusals $1
    exception_refusals $1 c
    [ $1 != gcc ] || short_refusals $1 c
    interlocked_refusals "$1 -std=c99" c
    interlocked_refusals "$1 -std=c17" c
    if [ $1 = gcc ]; then sanitized gcc; sanitized_threads gcc; fi
}

cxx_compiler() {
    headers_alone $1 c++17 cpp
    for standard in $cxx_standards; do
        [ $standard = c++17 ] || headers_together $1 $standard cpp
        cxx_programs $1 $standard
    done
    compiles $1 -xc++ -std=c++20 $flags -fsyntax-only $threaded $library
    threads "$1 -xc++" c++11 -O2
    library "$1 -xc++" c++11
    dll_main "$1 -xc++" c++17
    exception_refusals $1 cpp
    [ $1 != g++ ] || short_refusals $1 cpp
    interlocked_refusals "$1 -std=c++11" cpp
    for standard in c++11 c++20; do
        programs "$1 -xc++" $standard
    done
    if [ $1 = g++ ]; then sanitized "g++ -xc++"; fi
}

# The compilers work side by side, each in a folder of its own.
sums=
for compiler in gcc g++ clang clang++; do
    if ! command -v $compiler >/dev/null; then
        echo "SKIPPED: everything with $compiler, which is not installed"
        continue
    fi
    sums="$sums $work/$compiler/sum"
    (
        trap - EXIT
        inputs=$work
        work=$work/$compiler
        mkdir "$work" && cp "$inputs/bytes" "$inputs/wmain" "$work"
        case $compiler in
            *++) cxx_compiler $compiler ;;
            *) c_compiler $compiler ;;
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
