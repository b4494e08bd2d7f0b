// app.c with wide names and the drop-in <windows.h>.
#include <windows.h>

#include <cstring>
#include <iostream>
#include <string>

int main() {
    const std::wstring name = L"Local\\winshm_package_" + std::to_wstring(GetCurrentProcessId());

    HANDLE created =
        CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name.c_str());
    HANDLE opened = OpenFileMappingW(FILE_MAP_READ, FALSE, name.c_str());
    char *writer = static_cast<char *>(MapViewOfFile(created, FILE_MAP_WRITE, 0, 0, 0));
    const char *reader = static_cast<const char *>(MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0));
    if (writer == NULL || reader == NULL) {
        std::cerr << "app.cpp: error " << GetLastError() << std::endl;
        return 1;
    }
    std::strcpy(writer, "shared");
    if (std::strcmp(reader, "shared") != 0) {
        std::cerr << "app.cpp: the views differ" << std::endl;
        return 1;
    }
    UnmapViewOfFile(writer);
    UnmapViewOfFile(reader);
    CloseHandle(created);
    CloseHandle(opened);

    if (OpenFileMappingW(FILE_MAP_READ, FALSE, name.c_str()) != NULL ||
        GetLastError() != ERROR_FILE_NOT_FOUND) {
        std::cerr << "app.cpp: the name is still there, error " << GetLastError() << std::endl;
        return 1;
    }
    return 0;
}
