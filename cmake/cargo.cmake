# Finds a cargo that is new enough: -DWINSHM_CARGO=, then CARGO in the
# environment, then the PATH, ~/.cargo/bin and, on Ubuntu, /usr/lib/rust-1.NN/bin.
#
# Sets WINSHM_CARGO, and winshm_cargo_env: what its environment needs.

file(STRINGS Cargo.toml winshm_rust_version REGEX "^rust-version = " LIMIT_COUNT 1)
string(REGEX REPLACE "[^0-9.]" "" winshm_rust_version "${winshm_rust_version}")

# Sets `result` to the version of the cargo at `path`, or to "" if it cannot run.
function(winshm_cargo_version path result)
  execute_process(COMMAND ${path} --version
    OUTPUT_VARIABLE output ERROR_QUIET RESULT_VARIABLE status)
  set(${result} "" PARENT_SCOPE)
  if(status EQUAL 0 AND output MATCHES "cargo ([0-9.]+)")
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
  endif()
endfunction()

set(WINSHM_CARGO "" CACHE FILEPATH "The cargo that builds winshm")
if(WINSHM_CARGO)
  set(winshm_candidates ${WINSHM_CARGO})
elseif(DEFINED ENV{CARGO})
  set(winshm_candidates $ENV{CARGO})
else()
  find_program(winshm_cargo_in_path cargo NO_CACHE)
  file(GLOB winshm_candidates /usr/lib/rust-1.*/bin/cargo)
  list(SORT winshm_candidates COMPARE NATURAL ORDER DESCENDING)
  list(PREPEND winshm_candidates ${winshm_cargo_in_path} $ENV{HOME}/.cargo/bin/cargo)
endif()

set(winshm_found "")
set(winshm_seen "")
foreach(candidate IN LISTS winshm_candidates)
  winshm_cargo_version(${candidate} version)
  if(version VERSION_GREATER_EQUAL winshm_rust_version)
    set(winshm_found ${candidate})
    break()
  elseif(version)
    string(APPEND winshm_seen "\n  ${candidate} is ${version}")
  endif()
endforeach()
if(NOT winshm_found)
  message(FATAL_ERROR
    "winshm needs cargo ${winshm_rust_version} or newer, the build tool of Rust.${winshm_seen}\n"
    "Install it (Debian 13: apt install cargo; Debian 12: apt install cargo-web; "
    "Ubuntu: apt install cargo-1.85; anywhere: rustup), "
    "or name it with -DWINSHM_CARGO=/path/to/cargo.")
endif()
set_property(CACHE WINSHM_CARGO PROPERTY VALUE ${winshm_found})

# The rustc beside it belongs to it; the one in the PATH may be another.
set(winshm_cargo_env "")
string(REGEX REPLACE "cargo(-1\\.[0-9]+|)$" "rustc\\1" winshm_rustc ${WINSHM_CARGO})
if(DEFINED ENV{RUSTC})
  set(winshm_cargo_env RUSTC=$ENV{RUSTC})
elseif(EXISTS ${winshm_rustc})
  set(winshm_cargo_env RUSTC=${winshm_rustc})
endif()
message(STATUS "winshm ${PROJECT_VERSION} is built with ${WINSHM_CARGO} ${version}")
