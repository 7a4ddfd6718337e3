# SPDX-License-Identifier: Apache-2.0
# Writes the debug information of PROGRAM below FOLDER, under the build id by which debuggers and tare look for it. Its sources
# are named from their top: where they were built is nobody's business.
execute_process(COMMAND ${READELF} --notes ${PROGRAM} OUTPUT_VARIABLE notes COMMAND_ERROR_IS_FATAL ANY)
if(NOT notes MATCHES "Build ID: ([0-9a-f][0-9a-f])([0-9a-f]+)")
  message(FATAL_ERROR "${PROGRAM} has no build id: link it with -Wl,--build-id")
endif()
set(folder $ENV{DESTDIR}${FOLDER}/.build-id/${CMAKE_MATCH_1})
set(file ${folder}/${CMAKE_MATCH_2}.debug)
message(STATUS "Installing: ${file}")
file(MAKE_DIRECTORY ${folder})
execute_process(COMMAND ${OBJCOPY} --only-keep-debug --decompress-debug-sections ${PROGRAM} ${file} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${DEBUGEDIT} --base-dir=${SOURCE_DIR} --dest-dir=. ${file} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${OBJCOPY} --compress-debug-sections ${file} COMMAND_ERROR_IS_FATAL ANY)
file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
