# SPDX-License-Identifier: Apache-2.0
# Debian's version of a package: that of the project at its tag, and before it one that sorts below, with the revision's day and
# name.
set(git git -C ${CPACK_TARE_SOURCE_DIR})
execute_process(COMMAND ${git} log -1 --format=%cd.%h --date=format:%Y%m%d --abbrev=12
                OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
execute_process(COMMAND ${git} describe --exact-match --tags --match v${CPACK_TARE_VERSION}
                OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE untagged)
set(CPACK_DEBIAN_PACKAGE_VERSION ${CPACK_TARE_VERSION})
if(untagged AND NOT failed)
  string(APPEND CPACK_DEBIAN_PACKAGE_VERSION "~git${revision}")
endif()
set(CPACK_DEBIAN_DEBUG_PACKAGE_DEPENDS "tare (= ${CPACK_DEBIAN_PACKAGE_VERSION})")
