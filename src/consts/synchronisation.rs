// Events, mutexes, semaphores and timers, and waiting for them.

constants! {
    section events {
        /// Asks for the state of an event.
        EVENT_QUERY_STATE: u32 = 0x0001;
        /// Sets and resets an event.
        EVENT_MODIFY_STATE: u32 = 0x0002;
        /// Every right to an event.
        EVENT_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | EVENT_QUERY_STATE | EVENT_MODIFY_STATE);
        /// CreateEventEx: the event stays set until ResetEvent.
        CREATE_EVENT_MANUAL_RESET: u32 = 0x00000001;
        /// CreateEventEx: the event is set.
        CREATE_EVENT_INITIAL_SET: u32 = 0x00000002;
    }

    section mutexes {
        /// Asks for the state of a mutex. Releasing one needs no right.
        MUTANT_QUERY_STATE: u32 = 0x0001;
        /// Equals MUTANT_QUERY_STATE.
        MUTEX_MODIFY_STATE: u32 = MUTANT_QUERY_STATE;
        /// Every right to a mutex.
        MUTEX_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | MUTANT_QUERY_STATE);
        /// CreateMutexEx: the calling thread owns the new mutex.
        CREATE_MUTEX_INITIAL_OWNER: u32 = 0x00000001;
    }

    section semaphores {
        /// Asks for the state of a semaphore.
        SEMAPHORE_QUERY_STATE: u32 = 0x0001;
        /// Releases a semaphore.
        SEMAPHORE_MODIFY_STATE: u32 = 0x0002;
        /// Every right to a semaphore.
        SEMAPHORE_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | SEMAPHORE_QUERY_STATE | SEMAPHORE_MODIFY_STATE);
    }

    section timers {
        /// Asks for the state of a timer.
        TIMER_QUERY_STATE: u32 = 0x0001;
        /// Sets and cancels a timer.
        TIMER_MODIFY_STATE: u32 = 0x0002;
        /// Every right to a timer.
        TIMER_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | TIMER_QUERY_STATE | TIMER_MODIFY_STATE);
        /// CreateWaitableTimerEx: the timer stays signalled until it is set again.
        CREATE_WAITABLE_TIMER_MANUAL_RESET: u32 = 0x00000001;
        /// CreateWaitableTimerEx: accepted; every timer has the resolution of the system.
        CREATE_WAITABLE_TIMER_HIGH_RESOLUTION: u32 = 0x00000002;
    }

    section waits {
        /// No time limit.
        INFINITE: u32 = 0xFFFFFFFF;
        /// Result of a wait: the first, or only, object.
        WAIT_OBJECT_0: u32 = 0x00000000;
        /// Result of a wait: a mutex whose owner ended without releasing it.
        WAIT_ABANDONED: u32 = 0x00000080;
        /// Result of a wait: the first object is such a mutex.
        WAIT_ABANDONED_0: u32 = 0x00000080;
        /// Result of a wait: a completion routine ran.
        WAIT_IO_COMPLETION: u32 = 0x000000C0;
        /// Result of a wait: the time is over.
        WAIT_TIMEOUT: u32 = 258;
        /// Result of a wait: see GetLastError.
        WAIT_FAILED: u32 = 0xFFFFFFFF;
        /// The largest number of objects in one wait.
        MAXIMUM_WAIT_OBJECTS: u32 = 64;
    }
}
