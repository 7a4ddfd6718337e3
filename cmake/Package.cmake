# SPDX-License-Identifier: Apache-2.0
# `cpack` makes two Debian packages of what is installed: tare, and tare-dbgsym with the debug information of its programs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tare)
set(CPACK_PACKAGE_CONTACT "tare maintainers <maintainers@tare.invalid>" CACHE STRING "who answers for packages made here")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL tare debug)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# The version with its revision, which is known when the package is made, and what only Debian packages have.
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/package_version.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian_files.cmake)
set(CPACK_TARE_SOURCE_DIR ${PROJECT_SOURCE_DIR})
set(CPACK_TARE_VERSION ${PROJECT_VERSION})
set(CPACK_TARE_DOC_FOLDER ${CMAKE_INSTALL_DATAROOTDIR}/doc)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_TARE_PACKAGE_NAME tare)
set(CPACK_DEBIAN_TARE_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TARE_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_TARE_DESCRIPTION "measures what a server adds to each request
tare counts what a request costs a server, or a run costs a command: system
calls, io_uring queue operations, memory allocations and copies. It holds
counts against written claims, compares two revisions, and prints as absent,
with the reason, what it could not measure.

Counts of any program need root, or CAP_BPF and CAP_PERFMON, and a kernel with
type information; the reference servers of this package count themselves.")
# Python draws the report's figures and page, git gives the revisions that are compared, the servers are a built-in suite's.
set(CPACK_DEBIAN_TARE_PACKAGE_RECOMMENDS "tare-dbgsym, python3, python3-jinja2, python3-matplotlib, git")
set(CPACK_DEBIAN_TARE_PACKAGE_SUGGESTS "memcached, redis-server, nginx-light")

set(CPACK_DEBIAN_DEBUG_PACKAGE_NAME tare-dbgsym)
set(CPACK_DEBIAN_DEBUG_PACKAGE_SECTION debug)
set(CPACK_COMPONENT_DEBUG_DESCRIPTION "debug information of tare and its reference servers
With it reports name the functions and lines of the reference servers in which
calls, allocations and copies are made.")
include(CPack)
