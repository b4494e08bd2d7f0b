# Tests with threads, as C, under ThreadSanitizer, beside the library as it is. told.c
# tells the sanitizer what the library's objects order; without that, whatever they guard
# would be reported. Not the tests in which a thread ends by a naked system call or a
# process with threads forks: the sanitizer does not survive that.
set(threaded test_event_wait test_hand_over test_mutex test_signal_and_wait test_thread_objects
  test_thread_wait test_timer test_wait test_wait_all test_wait_any test_wrong_kind leak_sync
  process_semaphore)

set(told SetEvent PulseEvent ReleaseMutex ReleaseSemaphore SetWaitableTimer SetWaitableTimerEx
  WaitForSingleObject WaitForSingleObjectEx WaitForMultipleObjects WaitForMultipleObjectsEx
  SignalObjectAndWait CloseHandle CreateThread ExitThread)
list(TRANSFORM told PREPEND "-Wl,--wrap=")

add_library(tsan.told OBJECT ${PROJECT_SOURCE_DIR}/sanitizers/told.c)
target_include_directories(tsan.told PRIVATE ${include_dir} ${include_dir}/compat)
target_compile_options(tsan.told PRIVATE -g -O1 -Wall -Wextra -Wpedantic -Werror -pthread)

# One program; `source` is in the folder of the tests.
function(add_tsan_program test source)
  add_executable(${test} ${PROJECT_SOURCE_DIR}/${source} $<TARGET_OBJECTS:tsan.told>)
  target_include_directories(${test} PRIVATE ${PROJECT_SOURCE_DIR} ${include_dir} ${include_dir}/compat)
  target_compile_options(${test} PRIVATE -g -O1 -Wall -Wextra -Wpedantic -Werror -pthread -fsanitize=thread)
  target_link_options(${test} PRIVATE -pthread -fsanitize=thread ${told})
  target_link_libraries(${test} PRIVATE tested_shared)
endfunction()

add_tsan_program(tsan.guarded sanitizers/guarded.c)
add_test(NAME tsan.is_on COMMAND sh ${PROJECT_SOURCE_DIR}/sanitizers/tsan_is_on.sh $<TARGET_FILE:tsan.guarded>)
foreach(name IN LISTS threaded)
  add_tsan_program(tsan.${name} ${name}.c)
  add_test(NAME tsan.${name} COMMAND sh ${PROJECT_SOURCE_DIR}/sanitizers/tsan_run.sh $<TARGET_FILE:tsan.${name}>)
endforeach()
