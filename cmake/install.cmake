# Installs libraries, headers, the CMake package and the pkg-config file. Both of
# the latter find their files relative to themselves: the prefix may be moved.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(winshm_compat_dir ${CMAKE_INSTALL_INCLUDEDIR}/winshm-compat)
set(winshm_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/winshm)

# Whoever runs programs needs the runtime, whoever compiles them the development files.
install(FILES ${winshm_lib_dir}/${winshm_file} ${winshm_lib_dir}/${winshm_soname}
  DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(FILES ${winshm_lib_dir}/libwinshm.a ${winshm_lib_dir}/libwinshm.so
  DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT development FILES_MATCHING PATTERN "*.h" PATTERN compat EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/compat/ DESTINATION ${winshm_compat_dir}
  COMPONENT development FILES_MATCHING PATTERN "*.h" PATTERN "*.H")

configure_package_config_file(cmake/winshmConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/winshmConfig.cmake
  INSTALL_DESTINATION ${winshm_package_dir}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR winshm_compat_dir)
# As the SONAME says: the same major version, the same ABI.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/winshmConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/package/winshmConfig.cmake
  ${PROJECT_BINARY_DIR}/package/winshmConfigVersion.cmake
  DESTINATION ${winshm_package_dir} COMPONENT development)

# pcfiledir is the folder of winshm.pc.
file(RELATIVE_PATH winshm_pc_libdir
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH winshm_pc_includedir
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
string(REGEX REPLACE "/$" "" winshm_pc_libdir ${winshm_pc_libdir})
list(TRANSFORM WINSHM_NATIVE_LIBS PREPEND -l OUTPUT_VARIABLE winshm_pc_native)
list(JOIN winshm_pc_native " " winshm_pc_native)
configure_file(cmake/winshm.pc.in ${PROJECT_BINARY_DIR}/package/winshm.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/winshm.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
