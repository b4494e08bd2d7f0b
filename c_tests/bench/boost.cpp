/*
 * Boost.Interprocess.
 */
#include "contender.h"

#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <boost/interprocess/sync/named_mutex.hpp>
#include <boost/interprocess/sync/named_recursive_mutex.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>

#include "contest.h"
#include "copying.h"

using namespace boost::interprocess;

/* --- locks ------------------------------------------------------------------------ */

static named_recursive_mutex *mutex;

static void begin_mutex() { mutex = new named_recursive_mutex(create_only, name_of("mutex")); }

static void end_mutex()
{
    MUST(mutex->try_lock());
    mutex->unlock();
    delete mutex;
    MUST(named_recursive_mutex::remove(name_of("mutex")));
}

static void begin_owned()
{
    begin_mutex();
    mutex->lock();
}

static void end_owned()
{
    mutex->unlock();
    end_mutex();
}

static void begin_mutex_contest()
{
    begin_contest();
    begin_mutex();
}

static void create_mutex()
{
    {
        named_mutex created(create_only, name_of("created"));
    }
    MUST(named_mutex::remove(name_of("created")));
}

CONTEST(mutex, mutex->lock(), mutex->unlock())

static void open_and_compete()
{
    mutex = new named_recursive_mutex(open_only, name_of("mutex"));
    compete_mutex();
}

MEASURE(measure_mutex, (mutex->lock(), mutex->unlock()))
MEASURE(measure_create_mutex, create_mutex())

/* --- signals ---------------------------------------------------------------------- */

static named_semaphore *there, *back;

static void begin_semaphores()
{
    there = new named_semaphore(create_only, name_of("there"), 0);
    back = new named_semaphore(create_only, name_of("back"), 0);
}

static void end_semaphores()
{
    MUST(!there->try_wait() && !back->try_wait());
    delete there;
    delete back;
    MUST(named_semaphore::remove(name_of("there")) && named_semaphore::remove(name_of("back")));
}

static void answer()
{
    there = new named_semaphore(open_only, name_of("there"));
    back = new named_semaphore(open_only, name_of("back"));
    for (;;) {
        there->wait();
        back->post();
    }
}

MEASURE(measure_semaphore, (there->post(), there->wait()))
MEASURE(measure_trip, (there->post(), back->wait()))

/* --- memory ----------------------------------------------------------------------- */

#define SIZE 65536

static void map(shared_memory_object &object, bool touched)
{
    mapped_region region(object, read_write);
    for (size_t at = 0; touched && at < SIZE; at += 4096)
        static_cast<volatile char *>(region.get_address())[at] = 1;
}

static void create_memory(bool touched)
{
    shared_memory_object object(create_only, name_of("created"), read_write);
    object.truncate(SIZE);
    map(object, touched);
    MUST(shared_memory_object::remove(name_of("created")));
}

static void begin_opening()
{
    shared_memory_object object(create_only, name_of("memory"), read_write);
    object.truncate(SIZE);
    map(object, true);
}

static void end_opening() { MUST(shared_memory_object::remove(name_of("memory"))); }

static void open_memory()
{
    shared_memory_object object(open_only, name_of("memory"), read_write);
    map(object, false);
}

MEASURE(measure_touched, create_memory(true))
MEASURE(measure_plain, create_memory(false))
MEASURE(measure_open, open_memory())

static message_queue *queue;

static void begin_queue()
{
    begin_buffers();
    queue = new message_queue(create_only, name_of("queue"), 4, size);
}

static void send_and_receive()
{
    message_queue::size_type received;
    unsigned priority;
    queue->send(source, size, 0);
    queue->receive(destination, size, received, priority);
    MUST(received == size);
}

static void end_queue()
{
    must_be_copied();
    delete queue;
    MUST(message_queue::remove(name_of("queue")));
}

MEASURE(measure_queue, send_and_receive())

#define RECURSIVE "Boost named_recursive_mutex"
#define SEMAPHORE "Boost named_semaphore"
#define MEMORY "Boost shared_memory_object"
static const struct contender contenders[] = {
    {"mutex", RECURSIVE, begin_mutex, measure_mutex, end_mutex, 0, 0, NULL},
    {"mutex-recursive", RECURSIVE, begin_owned, measure_mutex, end_owned, 0, 0, NULL},
    {"mutex-contended", RECURSIVE, begin_mutex_contest, contest_mutex, end_mutex, 0, CONTEST_LOCKS, open_and_compete},
    {"mutex-create", "Boost named_mutex", NULL, measure_create_mutex, NULL, 0, 0, NULL},
    {"event", SEMAPHORE, begin_semaphores, measure_semaphore, end_semaphores, 0, 0, NULL},
    {"ping-pong-one-core", SEMAPHORE, begin_semaphores, measure_trip, end_semaphores, 0, 0, answer},
    {"ping-pong-two-cores", SEMAPHORE, begin_semaphores, measure_trip, end_semaphores, 0, 0, answer},
    {"section-create-touched", MEMORY, NULL, measure_touched, NULL, 0, 0, NULL},
    {"section-create-reserved", MEMORY, NULL, measure_plain, NULL, 0, 0, NULL},
    {"section-open", MEMORY, begin_opening, measure_open, end_opening, 0, 0, NULL},
    FEW_COPIES("Boost message_queue", begin_queue, measure_queue, end_queue),
};
CONTENDERS(contenders)
