# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` copies: programs without debug information, and that apart, by build id, in a component of its own.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME tare)
cmake_path(RELATIVE_PATH TARE_SERVERS_FOLDER BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE servers)
cmake_path(RELATIVE_PATH TARE_PAGE_FOLDER BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE page)
cmake_path(RELATIVE_PATH TARE_DEBUG_FOLDER BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE debug)

install(CODE "set(CMAKE_INSTALL_DO_STRIP TRUE)" COMPONENT tare)
install(TARGETS tare DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS tare-server tare-server-counted DESTINATION ${servers})
install(TARGETS tare_preload LIBRARY DESTINATION ${servers})
find_program(DEBUGEDIT debugedit REQUIRED)
# Without it call sites of the reference servers have no names.
foreach(program IN ITEMS tare tare-server tare-server-counted)
  install(CODE "set(PROGRAM $<TARGET_FILE:${program}>)
set(FOLDER \${CMAKE_INSTALL_PREFIX}/${debug})
set(OBJCOPY ${CMAKE_OBJCOPY})
set(READELF ${CMAKE_READELF})
set(DEBUGEDIT ${DEBUGEDIT})
set(SOURCE_DIR ${PROJECT_SOURCE_DIR})" COMPONENT debug)
  install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_debug.cmake COMPONENT debug)
endforeach()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/analysis/report/page/ DESTINATION ${page} PATTERN __pycache__ EXCLUDE)
# The suites and the gate are in the program; here they are to be read, and to begin one's own from.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/harness/bench/suites DESTINATION ${CMAKE_INSTALL_DATADIR}/tare)
install(FILES ${PROJECT_SOURCE_DIR}/analysis/compare/gate.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/tare)
install(PROGRAMS ${PROJECT_SOURCE_DIR}/ci/tare-ci DESTINATION ${CMAKE_INSTALL_BINDIR})

install(CODE "set(PROGRAM $<TARGET_FILE:tare>)
set(MAN_FOLDER ${CMAKE_INSTALL_MANDIR})
set(DATA_FOLDER ${CMAKE_INSTALL_DATADIR})" COMPONENT tare)
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_documents.cmake COMPONENT tare)
install(FILES ${PROJECT_SOURCE_DIR}/ci/tare-ci.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
