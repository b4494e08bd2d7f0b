# Run by cpack in the staged files of each package. Debian's packages have no symbols for
# debuggers (of a static library, what the linker needs must stay), and compressed man pages.
foreach(component IN ITEMS runtime development tool)
  set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr)
  file(GLOB_RECURSE files ${root}/lib/*.a ${root}/lib/*.so* ${root}/bin/*)
  foreach(file IN LISTS files)
    set(options --strip-unneeded)
    if(file MATCHES "[.]a$")
      set(options --strip-debug)
    endif()
    if(NOT IS_SYMLINK ${file})
      execute_process(COMMAND strip ${options} --remove-section=.comment --remove-section=.note ${file}
        COMMAND_ERROR_IS_FATAL ANY)
    endif()
  endforeach()
  # CMake gives folders the rights that the umask of who builds leaves.
  execute_process(COMMAND find ${root} -type d -exec chmod 755 {} + COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB pages ${root}/share/man/man*/*[0-9])
  if(pages)
    execute_process(COMMAND gzip -9 -n ${pages} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
