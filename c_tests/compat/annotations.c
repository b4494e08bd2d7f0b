/* SAL marks, __declspec and the other words of Microsoft's compiler, as sources use them. */
#ifdef __cplusplus
#include <cstdio>
#else
#include <stdnoreturn.h> /* a macro `noreturn` must not disturb __declspec(noreturn) */
#endif
#include <windows.h>
#include "check.h"

#ifdef BUILD_DLL
#define MY_API __declspec(dllexport)
#else
#define MY_API __declspec(dllimport)
#endif

EXTERN_C MY_API int WINAPI imported(_In_ int value);
EXTERN_C __declspec(noreturn) void __cdecl stop(void);

C_ASSERT(sizeof(DWORD) == 4);

_Success_(return != FALSE)
_Must_inspect_result_
static BOOL WINAPI CopyName(
    _In_z_ LPCSTR lpName,
    _Out_writes_z_(cchBuffer) LPSTR lpBuffer,
    _In_ size_t cchBuffer,
    _Out_opt_ LPDWORD lpcchWritten,
    _Inout_opt_ LPVOID lpReserved
    )
{
    C_ASSERT(sizeof(lpBuffer[0]) == 1);
    UNREFERENCED_PARAMETER(lpReserved);
    if (strcpy_s(lpBuffer, cchBuffer, lpName) != 0)
        return FALSE;
    if (lpcchWritten)
        *lpcchWritten = (DWORD)strlen(lpBuffer);
    return TRUE;
}

_Check_return_ _Ret_maybenull_ _Post_writable_byte_size_(size)
static __declspec(noinline) void *Take(IN SIZE_T size, OUT OPTIONAL BOOL *taken)
{
    static BYTE room[64];

    if (taken)
        *taken = size <= sizeof room;
    return size <= sizeof room ? room : NULL;
}

static __forceinline DWORD Sum(_In_reads_bytes_(size) CONST BYTE FAR *bytes, DWORD size)
{
    DWORD sum = 0, i;

    for (i = 0; i < size; i++)
        sum += bytes[i];
    return sum;
}

typedef DWORD(CALLBACK *Summer)(const BYTE *, DWORD);
typedef int(__stdcall *Imported)(int);
typedef struct __declspec(align(64)) Line {
    _Field_size_bytes_(count) BYTE bytes[40];
    DWORD count;
} Line;
__declspec(align(32)) static char aligned[3];
__declspec(selectany) int shared_default = 7;
static __declspec(thread) int per_thread = 3;
EXTERN_C __declspec(deprecated) void old_one(void);
EXTERN_C __declspec(deprecated("use new_one")) void older_one(void);
DECLSPEC_ALIGN(16) static int macro_aligned;

static void macros(void)
{
    char from[8] = "abcdefg", to[8];
    unsigned __int64 wide = 1;
    signed __int8 small = -1;

    ZeroMemory(to, sizeof to);
    CHECK(to[7] == 0);
    CopyMemory(to, from, sizeof from);
    MoveMemory(to + 1, to, 3);
    FillMemory(to + 5, 2, 'z');
    CHECK(strcmp(to, "aabcezz") == 0);
    SecureZeroMemory(to, sizeof to);
    CHECK(to[0] == 0 && to[6] == 0);

    CHECK(MAKELONG(0x1234, 0xffff) == (LONG)0xffff1234 && MAKEWORD(0x34, 0x12) == 0x1234);
    CHECK(LOWORD(0x12345678) == 0x5678 && HIWORD(0x12345678) == 0x1234);
    CHECK(LOBYTE(0x1234) == 0x34 && HIBYTE(0x1234) == 0x12);
    CHECK(MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT) == 0x400 && MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US) == 0x409);
    CHECK(MAX_PATH == 260 && MAXDWORD == 0xffffffff && MAXLONG == 0x7fffffff && MINLONG < 0);
    CHECK(_countof(from) == 8 && ARRAYSIZE(aligned) == 3);
    CHECK(sizeof wide == 8 && sizeof small == 1 && sizeof(__int16) == 2 && sizeof(__int32) == 4 && small < 0);
    CHECK(FIELD_OFFSET(Line, count) == 40);
#ifndef __cplusplus
    CHECK(min(1, 2) == 1 && max(1, 2) == 2);
#endif
}

int main(VOID)
{
    static const BYTE bytes[] = {1, 2, 3};
    char name[8];
    DWORD length = 0;
    BOOL taken = FALSE;
    Line line;

    CHECK(CopyName("abc", name, sizeof name, &length, NULL) && length == 3);
    CHECK(!CopyName("abcdefgh", name, sizeof name, NULL, NULL));
    CHECK(Take(3, &taken) && taken);
    CHECK(Sum(bytes, 3) == 6);
    CHECK((UINT_PTR)&line % 64 == 0 && sizeof(Line) == 64 && (UINT_PTR)aligned % 32 == 0);
    CHECK((UINT_PTR)&macro_aligned % 16 == 0);
    CHECK(shared_default == 7 && per_thread++ == 3);
    macros();
    return check_failures != 0;
}
