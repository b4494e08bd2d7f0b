/*
 * config.c - settings that processes share, and that tell everybody when they have changed.
 *
 *     config follow [NAME]                    prints the settings, and each change, until the rate is 0
 *     config set NAME RATE TARGET [TIMES]     changes them, that often
 *     config crash NAME RATE TARGET           stops half way in that until it is killed
 *
 * ./config follow & sleep 1; ./config set Local\\CookbookConfig 10 north; ./config set Local\\CookbookConfig 0 -
 */
#include "../sync/common.h"

#include <string.h>

struct Settings {
    LONG rate;
    char target[60];
};
/* Guarded by the mutex. The version says which copy counts: half a change changes nothing. */
struct Config {
    volatile LONG version;
    struct Settings copies[2];
};

/* An event for each version, which is set when it is no longer the latest. It exists while somebody waits. */
static struct Name change_after(const char *name, LONG version) {
    char suffix[32];
    snprintf(suffix, sizeof suffix, ".after.%d", (int)version);
    return name_of(name, suffix);
}

/* Everybody who knows only that version may look again. */
static void tell(const char *name, LONG version) {
    HANDLE changed = OpenEventA(EVENT_MODIFY_STATE, FALSE, change_after(name, version).text);
    if (changed) {
        must(SetEvent(changed), "SetEvent");
        CloseHandle(changed);
    } else {
        must(GetLastError() == ERROR_FILE_NOT_FOUND, "OpenEventA"); /* nobody waits */
    }
}

/* [docs: set] */
static void set(struct Config *config, HANDLE mutex, const char *name, struct Settings settings, BOOL is_crash) {
    if (lock(mutex)) /* who was killed in here told perhaps nobody */
        tell(name, config->version - 1);
    LONG version = config->version;
    config->copies[(version + 1) % 2].rate = settings.rate;
    if (is_crash) {
        say("half way in version %d", (int)version + 1);
        Sleep(INFINITE);
    }
    config->copies[(version + 1) % 2] = settings;
    InterlockedExchange(&config->version, version + 1);
    tell(name, version);
    unlock(mutex);
}
/* [docs: end] */

static void follow(struct Config *config, HANDLE mutex, const char *name) {
    LONG known = -1;
    for (;;) {
        lock(mutex); /* abandoned: the version says that the copy before still counts */
        LONG version = config->version;
        struct Settings settings = config->copies[version % 2];
        unlock(mutex);
        if (version != known)
            say("version %d: rate %d, target \"%s\"", (int)version, (int)settings.rate, settings.target);
        if (version > 0 && settings.rate == 0)
            return;
        known = version;
        /* [docs: follow] */
        /* First the event, then a look whether it is too late for it. */
        HANDLE changed = valid(CreateEventA(NULL, TRUE, FALSE, change_after(name, version).text), "CreateEventA");
        if (InterlockedCompareExchange(&config->version, 0, 0) == version)
            must(WaitForSingleObject(changed, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
        CloseHandle(changed);
        /* [docs: end] */
    }
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\CookbookConfig";
    BOOL is_follow = strcmp(role, "follow") == 0, is_crash = strcmp(role, "crash") == 0;

    if (is_follow ? argc > 3 : argc < 5 || argc > (is_crash ? 5 : 6) || (!is_crash && strcmp(role, "set") != 0)) {
        fprintf(stderr, "usage: config follow [NAME]\n       config set NAME RATE TARGET [TIMES]\n"
                        "       config crash NAME RATE TARGET\n");
        return 2;
    }
    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, name_of(name, ".mutex").text), "CreateMutexA");
    struct Config *config = (struct Config *)share(name, sizeof *config);
    if (is_follow) {
        follow(config, mutex, name);
    } else {
        struct Settings settings = {atoi(argv[3]), ""};
        snprintf(settings.target, sizeof settings.target, "%s", argv[4]);
        for (int times = argc > 5 ? atoi(argv[5]) : 1; times > 0; times--)
            set(config, mutex, name, settings, is_crash);
    }
    return 0;
}
