# The command line tool, its man pages and completions, which it writes itself.

set(winshm_tool_cargo_dir ${WINSHM_CARGO_TARGET_DIR}/tool) # apart: the library has no feature
set(winshm_tool ${winshm_tool_cargo_dir}/release/winshm)
set(winshm_pages ${PROJECT_BINARY_DIR}/tool)

add_custom_target(winshm_tool ALL
  COMMAND ${CMAKE_COMMAND} -E env --unset=CARGO_BUILD_TARGET
    ${winshm_cargo_env} ${WINSHM_CARGO} build --release --bin winshm --features tool --locked
    $<$<BOOL:${WINSHM_OFFLINE}>:--offline> --target-dir ${winshm_tool_cargo_dir}
  COMMAND ${winshm_tool} generate man ${winshm_pages}/man
  COMMAND ${winshm_tool} generate completions ${winshm_pages}/completions
  BYPRODUCTS ${winshm_tool}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  COMMENT "Building the winshm tool with cargo"
  USES_TERMINAL VERBATIM COMMAND_EXPAND_LISTS)
add_dependencies(winshm_tool winshm_cargo) # two cargos at once would only wait for each other

if(WINSHM_INSTALL)
  install(PROGRAMS ${winshm_tool} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
  install(DIRECTORY ${winshm_pages}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
  install(FILES ${winshm_pages}/completions/winshm.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME winshm COMPONENT tool)
  install(FILES ${winshm_pages}/completions/_winshm
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT tool)
  install(FILES ${winshm_pages}/completions/winshm.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tool)
endif()
