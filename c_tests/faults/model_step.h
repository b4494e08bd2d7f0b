/*
 * model_step.h - one step: the model says what must come back, the call is made, and
 * the two are compared.
 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "model_actors.h"
#include "model_report.h"
#include "model_views.h"
#include "model_waits.h"

static inline void predict(const CALL *call, OUTCOME *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    begin_answer(&outcome->answer);
    switch (call->what) {
    case CLOSE: model_close(call, outcome); break;
    case DUPLICATE: model_duplicate(call, outcome); break;
    case COMPARE: model_compare(call, outcome); break;
    case GET_FLAGS:
    case SET_FLAGS: model_flags(call, outcome); break;
    case SET_TIMER:
    case CANCEL_TIMER: model_timer(call, outcome); break;
    case MAP:
    case MAP_AT: model_map(call, outcome); break;
    case UNMAP: model_unmap(call, outcome); break;
    case FLUSH: model_flush(call, outcome); break;
    case COMMIT: model_commit(call, outcome); break;
    case QUERY: model_query(call, outcome); break;
    case LOAD:
    case STORE: model_touch(call, outcome); break;
    case SEGMENT_CREATE:
    case SEGMENT_OPEN:
    case SEGMENT_OPEN_READ: model_segment_open(call, outcome); break;
    case END_THREAD: end_thread(call->actor); break;
    case END_PROCESS:
    case KILL_PROCESS: end_process(process_of(call->actor)); break;
    default:
        if (is_segment_call(call->what))
            model_segment(call, outcome);
        else if (creates(call->what))
            model_create(call, outcome);
        else if (opens(call->what))
            model_open(call, outcome);
        else if (waits(call->what))
            model_wait(call, outcome);
        else
            model_signal(call, outcome);
    }
    if (planted("success clears the last error") && outcome->answer.error == SENTINEL)
        outcome->answer.error = 0;
}

/* Whether a value that the library chose is possible; the model takes it over. */
static inline int accept_value(const CALL *call, const OUTCOME *outcome, uint64_t value)
{
    int process = process_of(call->actor);
    VIEW *view;

    if (outcome->unknown == NEW_VIEW) {
        view = (VIEW *)(void *)((char *)outcome->value - offsetof(VIEW, base));
        if (value == 0 || value % GRANULARITY || (call->address && value != call->address))
            return 0;
        view->used = 0; /* it is not in its own way */
        if (is_taken(process, value, view->length))
            return 0;
        view->used = 1;
    } else if (value == 0 || find_segment(process, value) || find_handle(process, value)) {
        return 0;
    } else if (outcome->unknown == NEW_HANDLE && (value % 4 || is_pseudo(value))) {
        return 0;
    }
    *outcome->value = value;
    return 1;
}

/* Whether this came back as it must. */
static inline int matches(const CALL *call, OUTCOME *outcome, const ANSWER *answer)
{
    ANSWER *expected = &outcome->answer;

    if (outcome->unknown == NEW_HANDLE || outcome->unknown == NEW_VIEW || outcome->unknown == NEW_SEGMENT) {
        uint64_t value = outcome->output_is_it ? answer->outputs[0] : answer->result;

        if (!accept_value(call, outcome, value))
            return 0;
        *(outcome->output_is_it ? &expected->outputs[0] : &expected->result) = value;
    }
    return answer->result == expected->result && answer->error == expected->error &&
           memcmp(answer->outputs, expected->outputs, sizeof expected->outputs) == 0;
}

/* Who slept and can go on now must, with a result that the model allows; nobody else may. */
static inline int sleepers_go_on(void)
{
    OUTCOME outcome;
    int actor;

    for (actor = 0; actor < ACTORS; ++actor) {
        SLOT *slot = slot_of(actor);

        if (!model.asleep[actor])
            continue;
        memset(&outcome, 0, sizeof outcome);
        begin_answer(&outcome.answer);
        if (!can_end(&model.waits[actor], actor)) {
            if (state_of(slot) == CALLED)
                continue;
            return report_difference("it woke up without a reason", &slot->call, &outcome, &slot->answer);
        }
        if (!await_state(slot, ANSWERED, WATCHDOG_SECONDS))
            return report_difference("it sleeps although it can go on", &slot->call, &outcome, NULL);
        model.asleep[actor] = 0;
        if (!may_end_with(&model.waits[actor], actor, slot->answer.result))
            return report_difference("it woke up with a wrong result", &slot->call, &outcome, &slot->answer);
        outcome.answer.result = slot->answer.result;
        note_class(&slot->call, &outcome);
        if (!matches(&slot->call, &outcome, &slot->answer))
            return report_difference("it woke up, and left something behind", &slot->call, &outcome, &slot->answer);
    }
    if (model.pulsed)
        model.pulsed->set = 0;
    model.pulsed = NULL;
    return 1;
}

/* Makes a step. 0: there is a difference, and it was reported. */
static inline int step(const CALL *call)
{
    SLOT *slot = slot_of(call->actor);
    OUTCOME outcome;

    remember(call);
    predict(call, &outcome);
    note_class(call, &outcome);
    if (call->what >= END_THREAD) {
        if (!end_actor(call))
            return report_difference("it does not end", call, &outcome, NULL);
    } else if (outcome.unknown == SLEEPS) {
        if (!tell_to_sleep(slot, call))
            return report_difference("it does not sleep", call, &outcome, &slot->answer);
    } else if (!tell(slot, call)) {
        return report_difference("no answer", call, &outcome, NULL);
    } else if (!matches(call, &outcome, &slot->answer)) {
        return report_difference("another answer", call, &outcome, &slot->answer);
    }
    remember_outcome(&outcome);
    return sleepers_go_on();
}

#endif
