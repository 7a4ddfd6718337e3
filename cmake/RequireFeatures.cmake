# SPDX-License-Identifier: Apache-2.0
# What tare uses of liburing and libbpf, tried by compiling: a version number says nothing of a library that somebody patched, and
# a compiler's error says nothing of the version that is needed.
include(CheckSourceCompiles)

# tare_require_feature(PACKAGE HEADER FEATURE SINCE USE): FEATURE is a function, a macro or an enumerator of HEADER.
function(tare_require_feature package header feature since use)
  set(CMAKE_REQUIRED_INCLUDES ${${package}_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_QUIET ON)
  check_source_compiles(C "#define _GNU_SOURCE
#include <${header}>
unsigned long feature(void) { return (unsigned long)(${feature}); }
int main(void) { return feature() == 0; }" TARE_HAS_${feature})
  if(NOT TARE_HAS_${feature})
    # A package that is mended is tried anew.
    unset(TARE_HAS_${feature} CACHE)
    message(FATAL_ERROR "${package} ${${package}_VERSION} has no ${feature}, which came with ${package} ${since}: ${use}. "
                        "Install ${package} ${since} or later (packages.txt names the package).")
  endif()
endfunction()

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
tare_require_feature(liburing liburing.h io_uring_register_buf_ring 2.2 "servers receive into provided buffers")
tare_require_feature(liburing liburing.h io_uring_prep_multishot_accept_direct 2.2 "servers accept many connections by one entry")
tare_require_feature(liburing liburing.h io_uring_prep_recv_multishot 2.3 "servers receive many times by one entry")
tare_require_feature(liburing liburing.h io_uring_prep_send_zc 2.3 "servers send without a copy")
tare_require_feature(liburing liburing.h IORING_SETUP_DEFER_TASKRUN 2.3 "rings run completions when their server waits")
tare_require_feature(libbpf bpf/libbpf.h bpf_map__set_autocreate 0.8 "probes leave out maps that a kernel lacks")
tare_require_feature(libbpf bpf/libbpf.h bpf_program__set_autoattach 1.0 "probes attach each program by its own rule")
tare_require_feature(libbpf bpf/bpf.h bpf_prog_load 0.7 "kernels are asked which programs they take")
unset(CMAKE_TRY_COMPILE_TARGET_TYPE)
