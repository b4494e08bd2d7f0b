#!/bin/sh
# planted.sh OUTPUT_DIR - check.sh sees what it is there for: each of these changes of the
# headers breaks programs, or must be recorded.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=$1
passed=0
failed=0

# LABEL WORDS FILE EDIT - what check.sh says of the headers, of which sed has edited one.
plant() {
    label=$1 words=$2 file=$3 edit=$4
    rm -rf "$output/include"
    mkdir -p "$output"
    cp -R "$here/../include" "$output/include"
    sed "$edit" "$here/../include/$file" >"$output/include/$file"
    changed=yes
    ! cmp -s "$here/../include/$file" "$output/include/$file" || changed=
    status=0
    said=$("$here/check.sh" --include "$output/include" "$output" 2>&1) || status=$?
    wanted=1
    case $label in nothing* | *"in a comment"*) wanted=0 ;; esac
    case "$status:$changed:$said" in
        "$wanted:yes:"*"$words"* | "0::"*"$words"*) passed=$((passed + 1)) ;;
        *)
            failed=$((failed + 1))
            printf '%s\nplanted: %s: ends with %s, without "%s"%s\n' "$said" "$label" "$status" "$words" "${changed:+, }"
            ;;
    esac
}
breaks="this breaks programs"
record="must be recorded"

plant "nothing" "as recorded" winshm.h ""
plant "another word in a comment" "as recorded" winshm.h 's/NULL where its documentation allows it/NULL where allowed/'
plant "a function removed" "$breaks" winshm.h '/^WINSHM_API BOOL CompareObjectHandles/d'
plant "a function renamed" "$breaks" winshm.h 's/^WINSHM_API BOOL CompareObjectHandles/WINSHM_API BOOL CompareHandles/'
plant "a wide function without its twin" "$breaks" winshm.h '/^WINSHM_WIDE(OpenMutexW)/s/.*/;/'
plant "a wider parameter" "$breaks" winshm.h '/SetLastError(DWORD/s/DWORD/ULONGLONG/'
plant "a parameter of another sign" "$breaks" winshm.h '/SetLastError(DWORD/s/DWORD/LONG/'
plant "a parameter more" "$breaks" winshm.h '/CloseHandle(HANDLE/s/hObject/hObject, DWORD flags/'
plant "a pointer to something else" "$breaks" winshm.h '/GetHandleInformation(HANDLE/s/LPDWORD/LPWORD/'
plant "another result" "$breaks" winshm.h 's/WINSHM_API DWORD GetLastError/WINSHM_API WORD GetLastError/'
plant "a wider member" "$breaks" winshm.h '/^struct _SECURITY_ATTRIBUTES/,/^}/s/DWORD nLength/ULONGLONG nLength/'
plant "members the other way round" "$breaks" winshm.h \
    '/^struct _FILETIME/,/^}/{s/dwLowDateTime/dwX/;s/dwHighDateTime/dwLowDateTime/;s/dwX/dwHighDateTime/;}'
plant "a member more" "$breaks" winshm.h '/^struct _PROCESS_INFORMATION/,/^}/s/DWORD dwThreadId;/& DWORD more;/'
plant "a type of another size" "$breaks" winshm_platform.h 's/^typedef int32_t BOOL;/typedef unsigned char BOOL;/'
plant "a constant changed" "$breaks" winshm.h '/^#define PAGE_READWRITE /s/ [0-9xu]*$/ 5u/'
plant "a constant removed" "$breaks" winshm.h '/^#define PAGE_READWRITE /d'
plant "another value of SharedMemory" "$breaks" SharedMemory.h 's/^#define SHARED_MEMORY_NOT_FOUND .*/#define SHARED_MEMORY_NOT_FOUND 77/'
plant "a function more" "$record" winshm.h 's/^WINSHM_API DWORD GetLastError(void);/& WINSHM_API DWORD GetMore(void);/'
plant "a constant more" "$record" winshm.h 's/^#define PAGE_READWRITE .*/&\n#define PAGE_MORE 77/'
plant "headers that do not compile" "error: expected" winshm.h 's/^WINSHM_API DWORD GetLastError(void);/WINSHM_API DWORD GetLastError(void;/'
rm -rf "$output/include"
printf '%s passed, %s failed\n' $passed $failed
[ $failed -eq 0 ]
