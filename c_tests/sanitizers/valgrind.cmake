# Tests under Valgrind's memcheck, which sees into the library: the leak_* programs for
# leaks; and those that wait for several objects, because Valgrind has no futex_waitv, so
# that they sleep in the other way.
find_program(VALGRIND valgrind)
set(memcheck ${VALGRIND} -q --leak-check=full --errors-for-leak-kinds=definite,indirect --error-exitcode=9)

set(watched leak_objects leak_shared_memory leak_sync test_wait_any test_wait_all test_event_wait
  test_signal_and_wait test_thread_wait test_hand_over test_mutex_thread_ends)
foreach(name IN LISTS watched)
  if(VALGRIND)
    add_test(NAME valgrind.${name} COMMAND ${memcheck} $<TARGET_FILE:c.shared.${name}>)
    set_tests_properties(valgrind.${name} PROPERTIES SKIP_REGULAR_EXPRESSION "SKIPPED: ")
  else()
    add_skipped_test(valgrind.${name} "valgrind is not installed")
  endif()
endforeach()

# It says nothing where there is nothing, and finds what is planted. In `array` it is the
# library that reads too far, as it was told to.
add_objects(planted c ${PROJECT_SOURCE_DIR}/sanitizers/planted.c)
add_executable(valgrind.program $<TARGET_OBJECTS:c.planted>)
target_link_libraries(valgrind.program PRIVATE test_flags tested_shared)
set(planted "read=Invalid read of size 1" "array=Invalid read of size 8" "leak=definitely lost")
foreach(fault IN LISTS planted)
  string(REGEX REPLACE "=.*" "" name ${fault})
  string(REGEX REPLACE ".*=" "" report ${fault})
  if(VALGRIND)
    add_test(NAME valgrind.planted.${name} COMMAND sh ${PROJECT_SOURCE_DIR}/sanitizers/reports.sh
      ${report} ${memcheck} $<TARGET_FILE:valgrind.program> ${name})
  else()
    add_skipped_test(valgrind.planted.${name} "valgrind is not installed")
  endif()
endforeach()
if(VALGRIND)
  add_test(NAME valgrind.planted.none COMMAND ${memcheck} $<TARGET_FILE:valgrind.program> none)
endif()
