# Debian packages, with -DWINSHM_DEB=ON: `cmake --build` and then `cpack -G DEB` in the
# build tree. One for who runs programs, one for who compiles them, one with the tool.
# packages/deb.sh builds and checks them.
set(WINSHM_DEB_MAINTAINER "The winshm developers <winshm@example.org>" CACHE STRING
  "Who is responsible for the packages: name him who gives them to others")
# 0 first: a distribution's own package, of revision 1, is newer.
set(WINSHM_DEB_RELEASE 0winshm1 CACHE STRING "The Debian revision, after the version")

set(winshm_deb_version ${PROJECT_VERSION}-${WINSHM_DEB_RELEASE})
set(winshm_deb_runtime libwinshm${PROJECT_VERSION_MAJOR})
set(winshm_deb_dir ${PROJECT_BINARY_DIR}/deb)
set(winshm_deb_control
  ${winshm_deb_dir}/symbols ${winshm_deb_dir}/shlibs ${winshm_deb_dir}/triggers)

add_custom_target(winshm_deb ALL
  COMMAND ${CMAKE_COMMAND} -E env CARGO=${WINSHM_CARGO} ${winshm_cargo_env}
    ${PROJECT_SOURCE_DIR}/cmake/deb/control.sh ${PROJECT_SOURCE_DIR} ${winshm_deb_dir}
    ${winshm_lib_dir}/${winshm_soname} ${winshm_tool} ${PROJECT_VERSION} ${WINSHM_DEB_RELEASE} ${WINSHM_DEB_MAINTAINER}
  COMMENT "Writing what Debian packages have beside the files"
  VERBATIM)
add_dependencies(winshm_deb winshm_tool)

# Each package has its own copy of what must be in every one.
function(winshm_deb_documents component package)
  install(FILES ${winshm_deb_dir}/copyright ${winshm_deb_dir}/changelog.gz ${winshm_deb_dir}/changelog.Debian.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endfunction()
winshm_deb_documents(runtime ${winshm_deb_runtime})
winshm_deb_documents(development libwinshm-dev)
winshm_deb_documents(tool winshm)
install(FILES README.md README.ko.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libwinshm-dev COMPONENT development)
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libwinshm-dev COMPONENT development
  PATTERN __pycache__ EXCLUDE)

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL runtime development tool)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${winshm_deb_dir}/packages)
set(CPACK_PROJECT_CONFIG_FILE ${winshm_deb_dir}/depends.cmake) # written by control.sh
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/deb/staged.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${WINSHM_DEB_RELEASE})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${WINSHM_DEB_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SOURCE winshm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${winshm_deb_runtime})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${winshm_deb_control})
# CPack puts the blank in front of each line that Debian wants.
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION
"Windows named shared memory for Linux - runtime library
Programs that were written for Windows and share memory by name compile
unchanged with winshm: sections and views of them, mutexes, events,
semaphores and waitable timers, with the names, lifetimes, rights and error
codes that Windows has. There is no daemon, and nothing to set up.

This package has the library that such programs are linked with.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwinshm-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${winshm_deb_runtime} (= ${winshm_deb_version})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS winshm)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
"Windows named shared memory for Linux - development files
Programs that were written for Windows and share memory by name compile
unchanged with winshm: sections and views of them, mutexes, events,
semaphores and waitable timers, with the names, lifetimes, rights and error
codes that Windows has.

This package has the headers, the drop-in <windows.h> and its family, the
static library, the files for pkg-config and CMake, the documentation and
examples.")

set(CPACK_DEBIAN_TOOL_PACKAGE_NAME winshm)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_TOOL_PACKAGE_SUGGESTS libwinshm-dev)
set(CPACK_DEBIAN_TOOL_DESCRIPTION
"Windows named shared memory for Linux - command line tool
Shows the named objects of programs that use winshm (sections, mutexes,
events, semaphores, timers) with their state and the processes that hold
them, reads and writes shared memory, signals objects and waits for them
from shell scripts, sweeps away what dead processes left, and checks whether
the machine is fit for shared memory.

The tool needs no other package of winshm.")
include(CPack)
