# SPDX-License-Identifier: Apache-2.0
# Writes HEADER with the revision of SOURCE_DIR; run at every build, changes the file only when the revision changed.
# In an archive git has put the revision into a file; the archive may lie in another project's tree, so that comes first.
file(STRINGS ${SOURCE_DIR}/cmake/archived_revision.txt revision LIMIT_COUNT 1)
set(modified false)
if(NOT revision MATCHES "^[0-9a-f]+$")
  execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse HEAD
                  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    set(revision "unknown")
  else()
    execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      set(modified true)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT [[
#pragma once

namespace tare::build_info {

inline constexpr const char* revision = "@revision@";
inline constexpr bool modified = @modified@;

}  // namespace tare::build_info
]] @ONLY)
