/*
 * model_segments.h - the SharedMemory functions on segments that are sections of the
 * same names.
 */
#ifndef MODEL_SEGMENTS_H
#define MODEL_SEGMENTS_H

#include "model_handles.h"

enum { MOST_COPIED = 6000 };

/* Their results are their errors, which GetLastError tells too. */
static inline void refuses(OUTCOME *outcome, DWORD error)
{
    outcome->answer.result = outcome->answer.error = error;
}

/* What is written: `size` bytes that follow from one number. */
static inline void fill(unsigned char *bytes, uint64_t size, uint64_t data)
{
    uint64_t i;

    for (i = 0; i < size; ++i)
        bytes[i] = (unsigned char)(data >> i % 8 * 8);
}
/* What is read, in one number (FNV-1a). */
static inline uint64_t summary(const unsigned char *bytes, uint64_t size)
{
    uint64_t i, sum = 0xCBF29CE484222325u;

    for (i = 0; i < size; ++i)
        sum = (sum ^ bytes[i]) * 0x100000001B3u;
    return sum;
}

static inline void model_segment_open(const CALL *call, OUTCOME *outcome)
{
    SEGMENT *segment = model.processes[process_of(call->actor)].segments;
    int create = call->what == SEGMENT_CREATE;
    OBJECT *object = NULL;
    DWORD error = 0;

    if (call->text == NULL_NAME || (create && call->size == 0))
        error = ERROR_INVALID_PARAMETER;
    else if (names[call->text].object == EMPTY_NAME)
        error = ERROR_INVALID_NAME;
    else if ((error = name_error(call)) == ERROR_INVALID_HANDLE)
        error = ERROR_INVALID_NAME; /* a prefix without a name */
    if (!error)
        object = named(object_of_name(call->text));
    if (!error && !object && !create)
        error = ERROR_FILE_NOT_FOUND;
    else if (object && object->kind != SECTION)
        error = ERROR_INVALID_HANDLE;
    else if (object && create && call->size > object->size)
        error = ERROR_BAD_LENGTH;
    if (error) {
        refuses(outcome, error);
        return;
    }
    if (create)
        outcome->answer.error = object ? ERROR_ALREADY_EXISTS : 0;
    while (segment->used)
        ++segment;
    memset(segment, 0, sizeof *segment);
    segment->used = 1, segment->read_only = call->what == SEGMENT_OPEN_READ, segment->created = !object;
    if (!object) {
        object = new_object(SECTION, object_of_name(call->text));
        object->protection = PAGE_READWRITE, object->size = call->size;
        object->bytes = calloc(1, whole_pages(call->size));
    }
    segment->object = object;
    ++object->handles;
    outcome->unknown = NEW_SEGMENT, outcome->value = &segment->value, outcome->output_is_it = 1;
}

/* Writing and reading `size` bytes at an offset. */
static inline void model_segment_copy(const CALL *call, OUTCOME *outcome, const SEGMENT *segment)
{
    OBJECT *object = segment->object;

    if (call->size == 0)
        refuses(outcome, ERROR_INVALID_PARAMETER);
    else if (call->what == SEGMENT_WRITE && segment->read_only)
        refuses(outcome, ERROR_ACCESS_DENIED);
    else if (call->offset > object->size || call->size > object->size - call->offset)
        refuses(outcome, ERROR_BAD_LENGTH);
    else if (call->what == SEGMENT_WRITE) {
        fill(object->bytes + call->offset, call->size, call->data);
        object->writes += !planted("writes are not counted");
    } else {
        outcome->answer.outputs[0] = summary(object->bytes + call->offset, call->size);
    }
}

static inline void model_segment(const CALL *call, OUTCOME *outcome)
{
    SEGMENT *segment = find_segment(process_of(call->actor), call->handle);
    uint64_t *outputs = outcome->answer.outputs;

    if (!segment) {
        refuses(outcome, ERROR_INVALID_HANDLE);
        if (call->what == SEGMENT_WAIT)
            outputs[0] = call->data;
        return;
    }
    switch (call->what) {
    case SEGMENT_WAIT:
        outputs[0] = call->data;
        if (segment->object->writes > call->data)
            outputs[0] = segment->object->writes;
        else
            refuses(outcome, ERROR_SUCCESS + WAIT_TIMEOUT);
        break;
    case SEGMENT_STAT:
        outputs[0] = segment->object->size;
        outputs[1] = segment->object->writes;
        outputs[2] = (uint64_t)segment->created;
        outputs[3] = (uint64_t)segment->read_only;
        break;
    case SEGMENT_FREE:
        segment->object->name = NAMELESS; /* free at once, whoever has it open */
        drop_segment(segment);
        break;
    case SEGMENT_CLOSE:
        drop_segment(segment);
        break;
    default:
        model_segment_copy(call, outcome, segment);
    }
}

#endif
