/*
 * checkpoint.c - work that goes on where it was, after a kill at any time, the end of all processes, or a restart
 * of the machine: its state is a section of a file, which has two copies.
 *
 *     checkpoint work FILE [STEPS]    does that many steps
 *     checkpoint crash FILE           stops half way in the next step until it is killed
 *
 * ./checkpoint work /var/tmp/state 5; ./checkpoint work /var/tmp/state 5
 */
#include "../sync/common.h"

#include <string.h>

struct State {
    LONG64 step; /* 0: nothing was done yet */
    LONG64 sum;
    LONG64 values[500];
};
struct Copy {
    struct State state;
    ULONGLONG check; /* of the state; written last */
};
struct File {
    struct Copy copies[2]; /* the whole one with the higher step counts */
};

static ULONGLONG check_of(const struct State *state) {
    const unsigned char *bytes = (const unsigned char *)state;
    ULONGLONG check = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < sizeof *state; i++)
        check = (check ^ bytes[i]) * 1099511628211u;
    return check;
}
static BOOL is_whole(const struct Copy *copy) {
    return copy->check == check_of(&copy->state);
}

static void *map_file(const char *path) {
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    must(file != INVALID_HANDLE_VALUE, "CreateFileA");
    HANDLE section = valid(CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, sizeof(struct File), NULL),
                           "CreateFileMappingA");
    void *view = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(struct File));
    must(view != NULL, "MapViewOfFile");
    return view;
}

/* Writes to the copy that does not count. */
static void save(struct File *file, const struct State *state, BOOL is_crash) {
    struct Copy *copy = &file->copies[state->step % 2];
    if (is_crash) {
        memcpy(&copy->state, state, sizeof *state / 2);
        say("half way in step %d", (int)state->step);
        Sleep(INFINITE);
    }
    /* [docs: save] */
    copy->state = *state;
    copy->check = check_of(state);
    /* On the disk before the next step overwrites the other copy: only a crash of the machine needs it. */
    must(FlushViewOfFile(copy, sizeof *copy), "FlushViewOfFile");
    /* [docs: end] */
}

/* [docs: load] */
static struct State load(const struct File *file) {
    struct State state = {0};
    for (int i = 0; i < 2; i++) {
        const struct Copy *copy = &file->copies[i];
        if (is_whole(copy) && copy->state.step > state.step)
            state = copy->state;
        else if (!is_whole(copy) && (copy->state.step != 0 || copy->check != 0))
            say("a step was cut off half way");
    }
    return state;
}
/* [docs: end] */

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    BOOL is_crash = strcmp(role, "crash") == 0;
    int steps = argc > 3 ? atoi(argv[3]) : 1;

    if (argc < 3 || argc > 4 || (!is_crash && strcmp(role, "work") != 0)) {
        fprintf(stderr, "usage: checkpoint work FILE [STEPS]\n       checkpoint crash FILE\n");
        return 2;
    }
    /* One worker at a time; abandoned or not, the file says how far the one before came. */
    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, "Local\\CookbookCheckpoint"), "CreateMutexA");
    lock(mutex);
    struct File *file = (struct File *)map_file(argv[2]);
    struct State state = load(file);
    say("going on after step %d", (int)state.step);
    for (int i = 0; i < steps; i++) {
        state.step++;
        state.sum += state.step;
        state.values[state.step % 500] = state.sum;
        save(file, &state, is_crash);
    }
    say("step %d, sum %d", (int)state.step, (int)state.sum);
    unlock(mutex);
    return 0;
}
