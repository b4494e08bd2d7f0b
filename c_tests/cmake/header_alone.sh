#!/bin/sh
# header_alone.sh COMPILER STANDARD INCLUDE_DIR LIBRARY_DIR - compiles winshm.h
# alone, twice in one source and in two sources of one program, in each of its
# forms; takes the address of every function; passes NULL where it may be passed.
set -eu

compiler=$1 standard=$2 include=$3 library=$4
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $standard in
    c++*) suffix=cpp; forms="- -fshort-wchar -DUNICODE -DWINSHM_CHAR16" ;;
    c99)  suffix=c; forms="- -fshort-wchar -DUNICODE" ;;
    *)    suffix=c; forms="- -fshort-wchar -DUNICODE -DWINSHM_CHAR16" ;; # <uchar.h> is C11's
esac

echo '#include <winshm.h>' >"$work/alone.$suffix"

{
    sh "$here/function_table.sh" "$include/winshm.h"
    cat <<'EOF'
#ifdef __cplusplus
extern "C" size_t count_functions(void);
#else
size_t count_functions(void);
#endif
size_t count_functions(void) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        count += functions[i] != NULL;
    return count;
}
EOF
} >"$work/table.$suffix"

cat >"$work/main.$suffix" <<'EOF'
#include <winshm.h>
#include <winshm.h>
#ifdef __cplusplus
extern "C" size_t count_functions(void);
static decltype(&CreateFileMappingW) create = &CreateFileMappingW;
#else
size_t count_functions(void);
static HANDLE (*create)(HANDLE, LPSECURITY_ATTRIBUTES, DWORD, DWORD, DWORD, LPCWSTR) = CreateFileMappingW;
#endif

int main(void) {
    HANDLE unnamed = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE by_pointer = create(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE by_either = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096,
                                         TEXT("Local\\winshm_header_alone"));
    HANDLE nothing = OpenFileMappingW(FILE_MAP_READ, FALSE, NULL);
    if (unnamed == NULL || by_pointer == NULL || by_either == NULL || nothing != NULL)
        return 1;
    CloseHandle(unnamed);
    CloseHandle(by_pointer);
    CloseHandle(by_either);
    return count_functions() == 0;
}
EOF

for form in $forms; do
    [ "$form" = - ] && form=
    echo "$compiler -std=$standard $form"
    # -Wno-deprecated-declarations: the table names deprecated functions too.
    # shellcheck disable=SC2086 # form may be nothing
    for source in alone table main; do
        "$compiler" "-std=$standard" -Wall -Wextra -Wpedantic -Werror -Wno-deprecated-declarations \
            $form -I"$include" -c "$work/$source.$suffix" -o "$work/$source.o"
    done
    "$compiler" "$work/table.o" "$work/main.o" -L"$library" -lwinshm "-Wl,-rpath,$library" -o "$work/program"
    "$work/program"
done
