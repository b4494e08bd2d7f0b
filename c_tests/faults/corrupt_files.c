/*
 * corrupt_files.c - the files that the library keeps, each in turn: every byte of the bookkeeping flipped, every word
 * set to extremes, cut to each length, made longer, replaced by foreign files and by noise. A holder has the object
 * open (and a thread that waits for it), an opener comes afterwards; both call all there is. Each call ends within
 * two seconds, with a result or a documented error; nobody dies; other names and files are as they were.
 * Faults that the checks must see, planted by this program: a user of the file who believes its sizes ("believes"),
 * one who waits until the file is right ("waits"), and one who lets the corruption reach another name ("spreads").
 */
#include "corrupting.h"

static const char *plant = ""; /* the fault, if any */
static char name[128], bystander_file[PATH], file_name[PATH];
static WCHAR long_name[2200]; /* does not fit into the page of the bookkeeping */
static RANDOM noise;
static int is_holder, has_waiter;
static HANDLE object, source, own_event, bystanders[2];
static char *bystander_view, *view;
static pthread_t waiter;
static struct SharedMemory *memory;

/* ---- What an object is good for. ---- */
static void *wait_a_moment(void *ignored)
{
    if (WaitForSingleObject(object, 20) == WAIT_OBJECT_0)
        ReleaseMutex(object);
    return ignored;
}
static void use_waits(HANDLE handle)
{
    HANDLE both[2];
    DWORD flags;

    both[0] = handle, both[1] = own_event;
    TRY_WAIT(WaitForSingleObject(handle, 0));
    TRY_WAIT(WaitForMultipleObjects(2, both, FALSE, 0));
    TRY_WAIT(WaitForMultipleObjects(2, both, TRUE, 0));
    SetEvent(own_event);
    TRY_WAIT(SignalObjectAndWait(own_event, handle, board->number % 16 == 0 ? 1 : 0, FALSE));
    TRY(GetHandleInformation(handle, &flags));
}
static void use_dispatcher(HANDLE handle)
{
    LARGE_INTEGER soon, never;
    LONG previous;

    soon.QuadPart = -1, never.QuadPart = -0x7FFFFFFFFFFFLL;
    use_waits(handle);
    TRY(SetEvent(handle)), TRY(PulseEvent(handle)), TRY(ResetEvent(handle));
    TRY(ReleaseSemaphore(handle, 1, &previous)), TRY(ReleaseSemaphore(handle, 0x7FFFFFFF, &previous));
    TRY(ReleaseMutex(handle)), TRY(ReleaseMutex(handle));
    TRY(SetWaitableTimer(handle, &never, 1, NULL, NULL, FALSE));
    TRY(SetWaitableTimer(handle, &soon, 0, NULL, NULL, FALSE)), TRY(CancelWaitableTimer(handle));
    use_waits(handle);
}
/* Within what the file has: beyond it, pages are missing, which is the program's to know. */
static void touch(const char *from, SIZE_T length)
{
    volatile char sum = 0;
    SIZE_T place;

    for (place = 0; place < length; place += place + 4096 < length || place + 1 == length ? 4096 : length - 1 - place)
        sum = (char)(sum + from[place]);
}
static void use_section(HANDLE section)
{
    MEMORY_BASIC_INFORMATION facts;
    char *all = NULL;

    TRY((all = view_of(section, FILE_MAP_WRITE)) != NULL);
    if (all != NULL) {
        memset(&facts, 0, sizeof facts);
        TRY(VirtualQuery(all, &facts, sizeof facts));
        TRY(VirtualAlloc(all, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
        TRY(FlushViewOfFile(all, 0));
        if (!is_holder) /* he has the size that it had */
            touch(all, facts.RegionSize);
        TRY(UnmapViewOfFile(all));
    }
    TRY((all = (char *)MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 4096)) != NULL);
    if (all != NULL)
        TRY(UnmapViewOfFile(all));
    TRY_WAIT(WaitForSingleObject(section, 0));
}
static void use_memory(struct SharedMemory *shared)
{
    struct SharedMemoryInfo info;
    char buffer[600];

    memset(buffer, 'x', sizeof buffer);
    if (board->number % 64 == 0) /* looks at every process of the system */
        TRY_SHARED(SharedMemoryStat(shared, &info));
    TRY_SHARED(SharedMemoryWrite(shared, buffer, sizeof buffer));
    TRY_SHARED(SharedMemoryRead(shared, buffer, sizeof buffer));
    TRY_SHARED(SharedMemoryWriteAt(shared, 100, buffer, 8)), TRY_SHARED(SharedMemoryReadAt(shared, 100, buffer, 8));
    TRY_SHARED(SharedMemoryWait(shared, NULL, board->number % 16 == 0 ? 1 : 0));
    TRY_SHARED(SharedMemorySetMode(shared, 0600));
}

/* ---- The kinds. ---- */
enum { AUTO, MANUAL, MUTEX, SEMAPHORE, TIMER, GUARD, POOL, PLAIN, LONG_NAME, RESERVE, OF_FILE, WINSHM, POSIX, SYSTEM_V, NOTE, KINDS };
static const char *const kinds[KINDS] = {"auto event", "manual event", "mutex",           "semaphore",   "timer",
                                         "guard",      "pool block",   "section",         "long name",   "reserved section",
                                         "record",     "SharedMemory", "ledger of POSIX", "ledger of System V", "delete note"};
static int kind;

static int is_section(void) { return kind >= PLAIN && kind <= OF_FILE; }
static int is_memory(void) { return kind >= WINSHM && kind <= SYSTEM_V; }

static HANDLE create(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};

    switch (kind) {
    case POOL:
        return CreateEventA(&inheritable, FALSE, FALSE, NULL);
    case AUTO:
    case GUARD:
        return CreateEventA(NULL, FALSE, FALSE, name);
    case MANUAL:
        return CreateEventA(NULL, TRUE, FALSE, name);
    case MUTEX:
        return CreateMutexA(NULL, TRUE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(NULL, 1, 5, name);
    case TIMER:
        return CreateWaitableTimerA(NULL, FALSE, name);
    case LONG_NAME:
        return CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 8192, long_name);
    case RESERVE:
        return CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 0, 65536 * 2, name);
    case OF_FILE:
        return CreateFileMappingA(source, NULL, PAGE_READWRITE, 0, 5000, name);
    case NOTE:
        return CreateFileA(file_name, GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    default:
        return CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 8192, name);
    }
}
static HANDLE open_it(void)
{
    switch (kind) {
    case AUTO:
    case GUARD:
    case MANUAL:
        return OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    case MUTEX:
        return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    case SEMAPHORE:
        return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);
    case TIMER:
        return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name);
    case NOTE:
        return CreateFileA(file_name, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    case POOL:
        return NULL;
    case LONG_NAME:
        return OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, long_name);
    default:
        return OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    }
}
static void use(HANDLE handle, struct SharedMemory *shared)
{
    if (is_memory())
        use_memory(shared);
    else if (is_section())
        use_section(handle);
    else if (kind == GUARD && board->number % 64 != 0)
        use_waits(handle); /* what waits for the guard waits for two seconds where it is said to be held */
    else if (kind != NOTE)
        use_dispatcher(handle);
}
/* Where the file is, and where in it the bookkeeping begins. */
static off_t find_bookkeeping(void)
{
    char number[64], target[64];
    int fd;

    if (kind == GUARD) {
        snprintf(board->path, PATH, "%s", guard_file());
        return 0;
    }
    if (kind == POOL) {
        for (fd = 3; fd < 200; ++fd) {
            memset(target, 0, sizeof target);
            snprintf(number, sizeof number, "/proc/%d/fd/%d", (int)getpid(), fd);
            if (readlink(number, target, sizeof target - 1) > 0 && strstr(target, "winshm-objects") != NULL)
                snprintf(board->path, PATH, "%s", number);
        }
        return 0;
    }
    if (kind == LONG_NAME) {
        if (!find_file(object_directory(), "L~"))
            failed("no file");
    }
    if (kind == POSIX || kind == SYSTEM_V || kind == NOTE) {
        find_file(object_directory(), kind == NOTE ? "D." : kind == POSIX ? "S.P" : "S.V");
        return 0;
    }
    if (kind != LONG_NAME)
        snprintf(board->path, PATH, "%s/L.%s", object_directory(), name);
    return kind == OF_FILE ? 0 : is_section() || kind == WINSHM ? (kind == RESERVE ? 65536 * 2 : 8192) : 0;
}

/* ---- The others: names and files that nobody corrupts. ---- */
static void check_bystanders(void)
{
    char text[16] = "";
    int file = open(bystander_file, O_RDONLY);

    if (!SetEvent(bystanders[0]) || (!is_holder && kind == GUARD ? 0 : WaitForSingleObject(bystanders[0], 0) == WAIT_FAILED))
        failed("the other event");
    if (strcmp(bystander_view, "untouched") != 0)
        failed("the other section");
    if (file < 0 || read(file, text, sizeof text) != 5 || memcmp(text, "mine!", 5) != 0)
        failed("the other file");
    close(file);
}
static int meet_bystanders(void)
{
    char event[64], section[64];

    snprintf(event, sizeof event, "other-event-%d", (int)(is_holder ? getppid() : getpid()));
    snprintf(section, sizeof section, "other-section-%d", (int)(is_holder ? getppid() : getpid()));
    own_event = CreateEventA(NULL, TRUE, TRUE, NULL);
    bystanders[0] = CreateEventA(NULL, FALSE, FALSE, event);
    bystanders[1] = new_memory(PAGE_READWRITE, 4096, section);
    if (own_event == NULL || bystanders[0] == NULL || (bystander_view = view_of(bystanders[1], FILE_MAP_WRITE)) == NULL)
        return 0;
    strcpy(bystander_view, "untouched");
    return 1;
}

/* ---- The holder. ---- */
static void hold(int from_opener)
{
    char what;

    is_holder = 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    board->holder = getpid();
    if (!meet_bystanders())
        exit(3);
    if (kind == OF_FILE)
        source = CreateFileA(file_name, GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    while (read(from_opener, &what, 1) == 1) {
        off_t begin = 0;

        if (what == 'c') {
            object = is_memory() ? NULL : create();
            if (is_memory() ? SharedMemoryCreate(name, 8192, &memory) < 0 || memory == NULL
                            : object == NULL || object == INVALID_HANDLE_VALUE)
                failed("cannot create");
            if (is_section() && (view = view_of(object, FILE_MAP_WRITE)) != NULL)
                memset(view, 'v', 8192);
            begin = find_bookkeeping();
            if (!is_memory() && !is_section() && kind != NOTE && board->number % 32 == 0)
                has_waiter = pthread_create(&waiter, NULL, wait_a_moment, NULL) == 0;
        } else if (what == 'u') {
            use(object, memory);
            if (has_waiter)
                pthread_join(waiter, NULL);
            has_waiter = 0;
            check_bystanders();
        } else {
            int releases = 0;

            while (kind == MUTEX && releases < 100 && ReleaseMutex(object))
                ++releases;
            TRY(view == NULL || UnmapViewOfFile(view));
            if (is_memory())
                TRY_SHARED(SharedMemoryFree(memory));
            else
                TRY(CloseHandle(object));
            view = NULL;
        }
        if (write(from_opener, &begin, sizeof begin) != sizeof begin)
            break;
    }
    exit(0);
}

/* ---- The opener. ---- */
static void look_at_it_for_the_first_time(void)
{
    HANDLE found = NULL;
    struct SharedMemory *shared = NULL;

    if (is_memory()) {
        TRY_SHARED(SharedMemoryOpen(name, &shared));
        if (shared != NULL) {
            use_memory(shared);
            TRY_SHARED(SharedMemoryClose(shared));
        }
        TRY_SHARED(SharedMemoryOpenReadOnly(name, &shared));
        if (shared != NULL)
            TRY_SHARED(SharedMemoryClose(shared));
        return;
    }
    if (kind == POOL)
        return;
    TRY((found = open_it()) != NULL);
    if (found != NULL && found != INVALID_HANDLE_VALUE) {
        use(found, NULL);
        TRY(CloseHandle(found));
    }
    if (kind != NOTE) {
        TRY((found = create()) != NULL);
        TRY(found == NULL || CloseHandle(found));
    }
}
/* What the checks are there to see. */
static void do_what_is_planted(void)
{
    unsigned long long size = 0;
    int file = open(board->path, O_RDWR);
    char *page = (char *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    if (*plant == 'b') {
        memcpy(&size, page + 16, 8);
        page[size] = 1;
    }
    while (*plant == 'w' && page[0] != 'w')
        usleep(100);
    if (*plant == 's')
        bystander_view[0] = page[0];
    munmap(page, 4096), close(file);
}
static void ask(int holder, char what, off_t *answer)
{
    off_t ignored;

    if ((what && write(holder, &what, 1) != 1) || (answer && read(holder, answer, sizeof ignored) != sizeof ignored)) {
        failed("the holder is gone");
        ++board->dead;
        exit(FRESH_PAIR);
    }
}
static void open_cases(long first)
{
    /* Two is no divisor of the three flips of a byte: each byte is flipped. */
    const long stride = *plant ? 1 : in_full() ? (kind == GUARD ? 5 : kind >= PLAIN && kind != NOTE ? 2 : 1) : kind == GUARD || kind == NOTE ? 1511 : kind >= PLAIN ? 173 : 97;
    int sockets[2], goes_on = 1;
    off_t begin, ignored;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(name, sizeof name, "%s%ld", kind == POSIX ? "/corrupt-" : kind == SYSTEM_V ? "SysV\\" : "corrupt-",
             kind == SYSTEM_V ? 0x65000000L + getpid() % 65536 : (long)getpid());
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
        exit(2);
    if ((board->holder = fork()) == 0) {
        close(sockets[0]);
        hold(sockets[1]);
    }
    close(sockets[1]);
    noise.state += (uint64_t)first;
    if (kind != GUARD && !meet_bystanders()) /* who meets the corrupted guard has not seen the good one */
        exit(3);
    for (board->number = first; goes_on; ++board->number) {
        ask(sockets[0], 'c', &begin);
        goes_on = corrupt(board->number * stride, begin, &noise);
        if (goes_on && *plant)
            do_what_is_planted();
        ask(sockets[0], 'u', NULL);
        if (kind == GUARD && !meet_bystanders()) {
            if (!is_documented(GetLastError()))
                failed("an error that is not documented");
        } else {
            look_at_it_for_the_first_time();
            check_bystanders();
        }
        ask(sockets[0], 0, &ignored);
        ask(sockets[0], 'x', &ignored);
        if (kind != POOL)
            unlink(board->path);
        board->done += goes_on;
        goes_on = goes_on && !*plant;
        if (kind == GUARD && goes_on)
            exit(FRESH_PAIR);
    }
    close(sockets[0]);
    waitpid(board->holder, NULL, 0);
}

static long corrupt_kind(void)
{
    const long before = board->done;

    watch_cases(open_cases);
    return board->done - before;
}
/* Whether the checks see a planted fault. */
static int is_noticed(const char *fault)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        long failures;

        plant = fault, kind = AUTO;
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(2);
        alarm(*fault == 'w' ? 5 : 60);
        failures = board->failures;
        open_cases(*fault == 'b' ? 3 * 23 : *fault == 'w' ? 1 : 1);
        _exit(board->failures == failures ? 0 : 1);
    }
    waitpid(child, &status, 0);
    return status != 0;
}

int main(void)
{
    check_begin();
    alarm(0); /* there is a watcher */
    board = (BOARD *)mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    noise = new_random("corrupt_files");
    use_private_directory();
    for (kind = 0; kind < 2199; ++kind)
        long_name[kind] = 'n';
    snprintf(file_name, sizeof file_name, "%s/a-file", check_directory);
    snprintf(bystander_file, sizeof bystander_file, "%s/another-file", check_directory);
    CHECK(close(open(bystander_file, O_RDWR | O_CREAT, 0600)) == 0 && write_file(bystander_file, "mine!", 5, 0));
    CHECK(is_noticed("spreads") && is_noticed("waits") && is_noticed("believes"));
    board->failures = board->dead = board->done = 0;
    for (kind = 0; kind < KINDS; ++kind) {
        time_t begun = time(NULL);
        long cases = corrupt_kind();

        printf("%-20s %7ld cases, %ld s\n", kinds[kind], cases, (long)(time(NULL) - begun));
        fflush(stdout);
        CHECK(cases > 0);
    }
    printf("%ld cases, %ld calls failed the checks, %ld processes died, %ld hung\n", board->done, board->failures, board->dead,
           board->hung);
    CHECK(board->failures == 0 && board->dead == 0 && board->hung == 0);
    return check_end();
}
