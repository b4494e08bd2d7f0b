/*
 * corrupt_files.c - the files that the library keeps, each in turn: every byte of the bookkeeping flipped, every word
 * set to extremes, cut to each length, made longer, replaced by foreign files and by noise. A holder has the object
 * open (and a thread that waits for it), an opener comes afterwards; both call all there is. Each call ends within
 * two seconds, with a result or a documented error; nobody dies; other names and files are as they were.
 * Faults that the checks must see, planted by this program: a user of the file who believes its sizes ("believes"),
 * one who waits until the file is right ("waits"), and one who lets the corruption reach another name ("spreads").
 */
#include "corrupt_kinds.h"

static const char *plant = ""; /* the fault, if any */
static char bystander_file[PATH];
static RANDOM noise;
static int has_waiter;
static HANDLE object, bystanders[2];
static char *bystander_view, *view;
static pthread_t waiter;
static struct SharedMemory *memory;

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
static void *wait_a_moment(void *ignored)
{
    if (WaitForSingleObject(object, 20) == WAIT_OBJECT_0)
        ReleaseMutex(object);
    return ignored;
}
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
