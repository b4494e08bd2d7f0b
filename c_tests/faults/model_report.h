/*
 * model_report.h - what happened, for people: the steps before a difference, and which
 * calls ended in which ways.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "model_names.h"

/* How a call ended: an error of its own, or one of these. */
enum { OK = 10000, ABANDONED, TIMED_OUT, ASLEEP, FAULTED, MOST_CLASSES = 400 };

typedef struct CLASS {
    int what, how;
    long count;
} CLASS;
static CLASS classes[MOST_CLASSES];
static int class_count;

static inline CLASS *class_of(int what, int how)
{
    int i;

    for (i = 0; i < class_count; ++i)
        if (classes[i].what == what && classes[i].how == how)
            return &classes[i];
    return NULL;
}
static inline void note_class(const CALL *call, const OUTCOME *outcome)
{
    const ANSWER *answer = &outcome->answer;
    int how = answer->error != SENTINEL ? (int)answer->error : OK;
    CLASS *class;

    if (outcome->unknown == SLEEPS)
        how = ASLEEP;
    else if (answer->result == FAULT)
        how = FAULTED;
    else if (waits(call->what) && how == OK)
        how = answer->result == WAIT_TIMEOUT ? TIMED_OUT : answer->result >= WAIT_ABANDONED_0 ? ABANDONED : OK;
    if ((class = class_of(call->what, how)) == NULL) {
        class = &classes[class_count++];
        class->what = call->what, class->how = how;
    }
    ++class->count;
}
static inline const char *how_text(int how)
{
    static const char *const texts[] = {"ok", "abandoned", "timeout", "sleeps", "fault"};
    static char number[16];

    if (how >= OK)
        return texts[how - OK];
    snprintf(number, sizeof number, "%d", how);
    return number;
}

/* ---- The steps ---------------------------------------------------------------- */

enum { KEPT = 4096, TOLD = 20, MENTIONED = 8 };
typedef struct STEP {
    long number;
    CALL call;
    OUTCOME outcome;
    int objects[MENTIONED]; /* what it is about */
} STEP;
static STEP steps[KEPT];
static long step_count;
static unsigned long long seed;
static int is_quiet; /* differences are wanted, and not told */

static inline void mention(STEP *step, const OBJECT *object)
{
    int i;

    for (i = 0; object && i < MENTIONED && step->objects[i] != object->number; ++i)
        if (step->objects[i] == 0) {
            step->objects[i] = object->number;
            break;
        }
}
/* Before the model changes. */
static inline void remember(const CALL *call)
{
    STEP *step = &steps[step_count % KEPT];
    int process = process_of(call->actor);
    uint64_t handles[2] = {call->handle, call->other};
    ENTRY *entry;
    VIEW *view;
    DWORD i;

    memset(step, 0, sizeof *step);
    step->number = ++step_count, step->call = *call;
    for (i = 0; i < 2; ++i)
        if ((entry = find_handle(process, handles[i])) != NULL)
            mention(step, entry->object);
    for (i = 0; i < call->count && i < MOST_WAITED; ++i)
        if ((entry = find_handle(process, call->handles[i])) != NULL)
            mention(step, entry->object);
    if ((view = find_view(process, call->address)) != NULL)
        mention(step, view->object);
    if (call->text != NULL_NAME && names[call->text].object >= 0)
        mention(step, named(object_of_name(call->text)));
}
static inline void remember_outcome(const OUTCOME *outcome) { steps[(step_count - 1) % KEPT].outcome = *outcome; }

static inline void tell_answer(const char *who, const ANSWER *answer)
{
    int i;

    fprintf(stderr, "    %s: result %#llx", who, (unsigned long long)answer->result);
    if (answer->error != SENTINEL)
        fprintf(stderr, ", last error %u", answer->error);
    for (i = 0; i < OUTPUTS; ++i)
        if (answer->outputs[i] != UNTOUCHED)
            fprintf(stderr, ", output %d %#llx", i, (unsigned long long)answer->outputs[i]);
    fprintf(stderr, "\n");
}
static inline void tell_field(const char *name, uint64_t value)
{
    if (value)
        fprintf(stderr, " %s=%#llx", name, (unsigned long long)value);
}
static inline void tell_call(const CALL *call)
{
    DWORD i;

    fprintf(stderr, "process %d thread %d: %s%s", process_of(call->actor), call->actor % THREADS,
            call_names[call->what], call->wide ? " (W or Ex)" : "");
    if (call->text != NULL_NAME && (creates(call->what) || opens(call->what) || is_segment_call(call->what)))
        fprintf(stderr, " \"%.40s\"", names[call->text].text);
    tell_field("handle", call->handle), tell_field("other", call->other), tell_field("access", call->access);
    tell_field("flags", call->flags), tell_field("timeout", call->timeout);
    tell_field("inherit", (uint64_t)call->inherit), tell_field("all", (uint64_t)call->all);
    tell_field("first", (uint64_t)call->first);
    tell_field("second", (uint64_t)call->second), tell_field("offset", call->offset), tell_field("size", call->size);
    tell_field("address", call->address), tell_field("data", call->data);
    for (i = 0; i < call->count && i < MOST_WAITED; ++i)
        fprintf(stderr, " %#llx", (unsigned long long)call->handles[i]);
    fprintf(stderr, "\n");
}
static inline int share_objects(const STEP *one, const STEP *other)
{
    int i, k;

    for (i = 0; i < MENTIONED && one->objects[i]; ++i)
        for (k = 0; k < MENTIONED && other->objects[k]; ++k)
            if (one->objects[i] == other->objects[k])
                return 1;
    return 0;
}

/* Tells of a difference, and of the last steps with the same objects, or that ended somebody. Returns 0. */
static inline int report_difference(const char *what, const CALL *call, const OUTCOME *expected, const ANSWER *answer)
{
    const STEP *last = &steps[(step_count - 1) % KEPT], *told[TOLD];
    int i, count = 0;
    long back;

    if (is_quiet)
        return 0;
    for (back = 1; back < KEPT && back < step_count && count < TOLD; ++back) {
        const STEP *step = &steps[(step_count - 1 - back) % KEPT];

        if (back <= 3 || step->call.what >= END_THREAD || share_objects(step, last))
            told[count++] = step;
    }
    while (count-- > 0) {
        fprintf(stderr, "step %ld, ", told[count]->number);
        tell_call(&told[count]->call);
        tell_answer("it was", &told[count]->outcome.answer);
        fprintf(stderr, "    objects:");
        for (i = 0; i < MENTIONED && told[count]->objects[i]; ++i)
            fprintf(stderr, " #%d", told[count]->objects[i]);
        fprintf(stderr, "\n");
    }
    fprintf(stderr, "step %ld of WINSHM_SEED=%llu is different: ", step_count, seed);
    tell_call(&last->call);
    fprintf(stderr, "%s: ", what);
    tell_call(call);
    tell_answer("the model", &expected->answer);
    if (answer)
        tell_answer("the library", answer);
    return 0;
}

#endif
