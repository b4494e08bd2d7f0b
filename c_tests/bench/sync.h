/* What the parts of the benchmark of the synchronisation objects share. */
#ifndef BENCH_SYNC_H
#define BENCH_SYNC_H

#include "measure.h"

#include <pthread.h>

/* The name of this run's object `what`; valid until the next call but seven. */
const char *name_of(const char *what);

/* What promises as much as a mutex here: shared, robust, recursive. */
pthread_mutex_t *bare_mutex(void);

/* Ends the program after `seconds`: a row that hangs is a defect. */
void give_up_after(unsigned seconds);

static inline void take(HANDLE object) { MUST(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0); }

/* The rows with another process. */
void trip_rows(int rounds);
void contended_rows(int rounds);
void abandonment_rows(int rounds);

#endif
