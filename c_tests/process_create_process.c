/*
 * process_create_process.c - CreateProcess: what a command line means, and what the child gets.
 */
#include "creating.h"

#include <sys/stat.h>

/* Prints its arguments, working directory and one variable, for the parent to compare. */
static int tell(int argc, char **argv)
{
    char directory[4096];
    int i;

    for (i = 0; i < argc; ++i)
        printf("[%s]", i == 0 ? "" : argv[i]);
    printf(" %s %s %s\n", getcwd(directory, sizeof directory), getenv("FIRST") ? getenv("FIRST") : "-",
           getenv("PATH") ? "path" : "no path");
    fprintf(stderr, "to stderr\n");
    return 0;
}
/* What a child printed. */
static const char *told(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;

    if (file != NULL)
        fclose(file);
    text[length] = 0;
    return text;
}
static int ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static HANDLE open_for(const char *path, DWORD access, DWORD disposition)
{
    return CreateFileA(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, inheritable(), disposition, 0, NULL);
}

/* Standard streams are files; both may be one. The child's arguments are what a Windows program would see. */
static void streams_and_arguments(const char *folder)
{
    char line[9000], output[300], errors[300];
    STARTUPINFOA startup;

    memset(&startup, 0, sizeof startup);
    snprintf(output, sizeof output, "%s/output", folder), snprintf(errors, sizeof errors, "%s/errors", folder);
    startup.cb = sizeof startup, startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = open_for(output, GENERIC_WRITE, CREATE_ALWAYS);
    startup.hStdError = open_for(errors, GENERIC_WRITE, CREATE_ALWAYS);
    startup.hStdInput = NULL;
    snprintf(line, sizeof line, "\"%s\" tell a\\\\b \"c d\" e\\\"f \"g\\\\\" \"\" l\"m n\"o", own_path());
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child) && end_of_child() == 0);
    CHECK(strstr(told(output), "[][tell][a\\\\b][c d][e\"f][g\\][][lm no] ") == told(output));
    CHECK(strcmp(told(errors), "to stderr\n") == 0);
    startup.hStdError = startup.hStdOutput;
    CHECK(CreateProcessA(own_path(), line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child) && end_of_child() == 0);
    CHECK(ends_with(told(output), "path\n") || ends_with(told(output), "to stderr\n"));
    startup.hStdInput = child.hProcess;
    CHECK_ERROR(CreateProcessA(own_path(), line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(startup.hStdOutput));
}

/* As programs redirected their children before there was STARTF_USESTDHANDLES. */
static void streams_that_were_set(const char *folder)
{
    HANDLE old = GetStdHandle(STD_OUTPUT_HANDLE), file;
    char path[300], line[5000];

    snprintf(path, sizeof path, "%s/output", folder), snprintf(line, sizeof line, "\"%s\" tell", own_path());
    file = open_for(path, GENERIC_WRITE, CREATE_ALWAYS);
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, file));
    CHECK(start_with(NULL, line, TRUE, 0, NULL, NULL) && end_of_child() == 0);
    CHECK(strstr(told(path), "[][tell] ") == told(path));
    /* What is no handle any more changes nothing: the child has our stream. */
    CHECK(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0 && SetEndOfFile(file) && CloseHandle(file));
    CHECK(start_with(NULL, "true", TRUE, 0, NULL, NULL) && end_of_child() == 0);
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, old) && told(path)[0] == 0);
}

/* Environment and directory, narrow and wide. */
static void environment_and_directory(const char *folder)
{
    static char block[] = "FIRST=1 2\0OTHER=x\0";
    WCHAR wide_block[32], wide_line[4200];
    char line[5000], output[300], end[400];
    STARTUPINFOW startup;
    int i;

    memset(&startup, 0, sizeof startup);
    snprintf(output, sizeof output, "%s/output", folder), snprintf(end, sizeof end, "[tell] %s 1 2 no path\n", folder);
    snprintf(line, sizeof line, "\"%s\" tell", own_path());
    for (i = 0; i < (int)sizeof block; ++i)
        wide_block[i] = (WCHAR)block[i];
    for (i = 0; line[i] != 0; ++i)
        wide_line[i] = (WCHAR)line[i];
    wide_line[i] = 0;
    startup.cb = sizeof startup, startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = open_for(output, GENERIC_WRITE, CREATE_ALWAYS);
    CHECK(CreateProcessW(NULL, wide_line, NULL, NULL, TRUE, CREATE_UNICODE_ENVIRONMENT, wide_block, widen(folder), &startup, &child) &&
          end_of_child() == 0);
    CHECK(ends_with(told(output), end) && CloseHandle(startup.hStdOutput));
    startup.hStdOutput = open_for(output, GENERIC_WRITE, CREATE_ALWAYS);
    CHECK(CreateProcessW(NULL, wide_line, NULL, NULL, TRUE, 0, block, widen(folder), &startup, &child) && end_of_child() == 0);
    CHECK(ends_with(told(output), end) && CloseHandle(startup.hStdOutput));
    CHECK_ERROR(start_with(own_path(), NULL, FALSE, 0, NULL, "/nowhere"), ERROR_DIRECTORY);
    CHECK_ERROR(start_with(own_path(), NULL, FALSE, CREATE_UNICODE_ENVIRONMENT, wide_block, NULL), ERROR_NOT_SUPPORTED);
}

/* Whether a handle is there; the exit code says so. */
static int has_handle(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    return SetEvent(event) ? 1 : GetLastError() == ERROR_INVALID_HANDLE ? 0 : 2;
}
/* All of the inheritable handles, or none of them: not even the names stay. */
static void handles_are_inherited_if_wanted(void)
{
    HANDLE event = CreateEventA(inheritable(), TRUE, FALSE, NAME("wanted")), gate = CreateEventA(NULL, TRUE, FALSE, NULL);
    char name[200];

    snprintf(name, sizeof name, "%s", NAME("unwanted"));
    CHECK(start_role("has", tag_of(&event, 1), TRUE) && end_of_child() == 1 && is_set(event) && ResetEvent(event));
    CHECK(start_role("has", tag_of(&event, 1), FALSE) && end_of_child() == 0 && !is_set(event));
    CHECK(start_role("has", tag_of(&gate, 1), TRUE) && end_of_child() == 0);
    CHECK(CloseHandle(event));
    /* A child that inherits nothing keeps no name. */
    event = CreateEventA(inheritable(), TRUE, FALSE, name);
    CHECK(start_with("/bin/sleep", "sleep 60", FALSE, 0, NULL, NULL) && CloseHandle(event));
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK(TerminateProcess(child.hProcess, 0) && end_of_child() == 0 && CloseHandle(gate));
    /* The handles of a child are inheritable like others, for its younger siblings. */
    {
        STARTUPINFOA startup;
        char line[] = "sleep 60";
        PROCESS_INFORMATION first;

        memset(&startup, 0, sizeof startup);
        CHECK(CreateProcessA("/bin/sleep", line, inheritable(), inheritable(), FALSE, 0, NULL, NULL, &startup, &first));
        CHECK(flags_of(first.hProcess) == HANDLE_FLAG_INHERIT && flags_of(first.hThread) == HANDLE_FLAG_INHERIT);
        CHECK(start_role("kill", tag_of(&first.hProcess, 1), TRUE) && end_of_child() == 0);
        child = first;
        CHECK(end_of_child() == 128 + SIGKILL);
    }
}
static int kill_it(const char *tag)
{
    HANDLE process;

    handles_of(tag, &process, 1);
    return !(TerminateProcess(process, 5) && WaitForSingleObject(process, INFINITE) == WAIT_OBJECT_0);
}

static void names_of_programs(const char *folder)
{
    char path[400], line[900];
    FILE *file;

    snprintf(path, sizeof path, "%s/my prog", folder);
    CHECK(symlink(own_path(), path) == 0 && chdir(folder) == 0);
    CHECK(start_with(NULL, "./my prog peer exit 4", FALSE, 0, NULL, NULL) && end_of_child() == 4);
    CHECK(start_with(NULL, "\"my prog\" peer exit 5", FALSE, 0, NULL, NULL) && end_of_child() == 5);
    CHECK(start_with(NULL, ".\\my prog.exe peer exit 6", FALSE, 0, NULL, NULL) && end_of_child() == 6);
    CHECK(start_with("my prog.EXE", "any peer exit 7", FALSE, 0, NULL, "/") && end_of_child() == 7);
    CHECK(start_with(NULL, "true", FALSE, 0, NULL, NULL) && end_of_child() == 0);
    snprintf(line, sizeof line, "%s/my.exe", folder);
    CHECK(rename(path, line) == 0);
    CHECK(start_with(NULL, "my peer exit 8", FALSE, 0, NULL, NULL) && end_of_child() == 8);

    CHECK_ERROR(start_with(NULL, NULL, FALSE, 0, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(start_with("", NULL, FALSE, 0, NULL, NULL), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(start_with(NULL, "", FALSE, 0, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(start_with(NULL, "nosuch.exe a", FALSE, 0, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(start_with("nosuch.exe", "a b", FALSE, 0, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(start_with("nodir\\nosuch.exe", "a b", FALSE, 0, NULL, NULL), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(start_with("/tmp", NULL, FALSE, 0, NULL, NULL), ERROR_ACCESS_DENIED);
    file = fopen("text", "w");
    fputs("no program\n", file), fclose(file);
    CHECK_ERROR(start_with("text", NULL, FALSE, 0, NULL, NULL), ERROR_ACCESS_DENIED);
    CHECK(chmod("text", 0700) == 0);
    CHECK_ERROR(start_with("text", NULL, FALSE, 0, NULL, NULL), ERROR_BAD_EXE_FORMAT);
}

static void what_is_refused(void)
{
    static char endless[40000];
    STARTUPINFOA startup;
    char line[] = "true";

    memset(&startup, 0, sizeof startup);
    CHECK_ERROR(start_with(NULL, line, FALSE, CREATE_NEW_CONSOLE | DETACHED_PROCESS, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(start_with(NULL, line, FALSE, 0x10000000, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(start_with(NULL, line, FALSE, CREATE_SUSPENDED, NULL, NULL), ERROR_NOT_SUPPORTED);
    CHECK_ERROR(start_with(NULL, line, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL), ERROR_NOT_SUPPORTED);
    CHECK_ERROR(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &child), ERROR_NOACCESS);
    CHECK_ERROR(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, NULL), ERROR_NOACCESS);
    memset(endless, 'a', sizeof endless - 1);
    CHECK_ERROR(CreateProcessA(NULL, endless, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child), ERROR_FILENAME_EXCED_RANGE);
    CHECK(start_with(NULL, line, FALSE, CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP | NORMAL_PRIORITY_CLASS, NULL, NULL));
    CHECK(end_of_child() == 0);
    CHECK(start_with(NULL, line, FALSE, DETACHED_PROCESS, NULL, NULL) && end_of_child() == 0);
}

int main(int argc, char **argv)
{
    char *folder;

    check_begin();
    if (argc > 1 && strcmp(argv[1], "tell") == 0)
        return tell(argc, argv);
    if (argc == 5 && strncmp(argv[1], "prog", 4) == 0)
        return atoi(argv[4]); /* a blank in a name without quotes: its rest is an argument, as on Windows */
    if (plays(argc, argv, "exit"))
        return exit_with(argv[3]);
    if (plays(argc, argv, "has"))
        return has_handle(argv[3]);
    if (plays(argc, argv, "kill"))
        return kill_it(argv[3]);
    use_private_directory();
    folder = getenv("WINSHM_DIR");
    streams_and_arguments(folder);
    streams_that_were_set(folder);
    environment_and_directory(folder);
    handles_are_inherited_if_wanted();
    names_of_programs(folder);
    what_is_refused();
    return check_end();
}
