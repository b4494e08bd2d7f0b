/*
 * Qt 6. No round trips by QSystemSemaphore: it is a lock, whose kernel takes back what
 * a process that ends has posted, also where nobody has seen it yet.
 */
#include "contender.h"

#include <QSharedMemory>
#include <QSystemSemaphore>

#include "copying.h"

static QString qt_name(const char *what) { return QString::fromLatin1(name_of(what)); }

/* --- locks and signals ------------------------------------------------------------ */

static QSystemSemaphore *semaphore;

static void begin_semaphore(int count)
{
    semaphore = new QSystemSemaphore(qt_name("semaphore"), count, QSystemSemaphore::Create);
    MUST(semaphore->error() == QSystemSemaphore::NoError);
}

static void begin_lock() { begin_semaphore(1); }
static void begin_signal() { begin_semaphore(0); }
static void end_semaphore() { delete semaphore; }

static void acquire() { MUST(semaphore->acquire()); }
static void release() { MUST(semaphore->release()); }

static void create_semaphore()
{
    QSystemSemaphore created(qt_name("created"), 1, QSystemSemaphore::Create);
    MUST(created.acquire() && created.release()); /* the kernel's object is made here */
}

MEASURE(measure_lock, (acquire(), release()))
MEASURE(measure_signal, (release(), acquire()))
MEASURE(measure_create, create_semaphore())

/* --- memory ----------------------------------------------------------------------- */

#define SIZE 65536
static QSharedMemory *memory;

static void touch(void *data)
{
    for (size_t at = 0; at < SIZE; at += 4096)
        static_cast<volatile char *>(data)[at] = 1;
}

static void create_memory(bool touched)
{
    QSharedMemory created(qt_name("created"));
    MUST(created.create(SIZE));
    if (touched)
        touch(created.data());
    MUST(created.detach());
}

static void begin_opening()
{
    memory = new QSharedMemory(qt_name("memory"));
    MUST(memory->create(SIZE));
    touch(memory->data());
}

static void end_memory() { delete memory; }

static void open_memory()
{
    QSharedMemory opened(qt_name("memory"));
    MUST(opened.attach() && opened.detach());
}

static void begin_copying()
{
    begin_buffers();
    memory = new QSharedMemory(qt_name("memory"));
    MUST(memory->create(static_cast<int>(size)));
}

/* As the documents of Qt do it. */
static void copy_locked(void *to, const void *from)
{
    MUST(memory->lock());
    memcpy(to, from, size);
    MUST(memory->unlock());
}

static void end_copying()
{
    must_be_copied();
    end_memory();
}

MEASURE(measure_touched, create_memory(true))
MEASURE(measure_plain, create_memory(false))
MEASURE(measure_open, open_memory())
MEASURE(measure_copy, (copy_locked(memory->data(), source), copy_locked(destination, memory->constData())))

#define SEMAPHORE "Qt QSystemSemaphore"
#define MEMORY "Qt QSharedMemory"
static const struct contender contenders[] = {
    {"mutex", SEMAPHORE, begin_lock, measure_lock, end_semaphore, 0, 0, NULL},
    {"mutex-create", SEMAPHORE, NULL, measure_create, NULL, 0, 0, NULL},
    {"event", SEMAPHORE, begin_signal, measure_signal, end_semaphore, 0, 0, NULL},
    {"section-create-touched", MEMORY, NULL, measure_touched, NULL, 0, 0, NULL},
    {"section-create-reserved", MEMORY, NULL, measure_plain, NULL, 0, 0, NULL},
    {"section-open", MEMORY, begin_opening, measure_open, end_memory, 0, 0, NULL},
    FEW_COPIES(MEMORY ", locked", begin_copying, measure_copy, end_copying),
};
CONTENDERS(contenders)
