# SPDX-License-Identifier: Apache-2.0
# bpftool prints a skeleton on stdout; this writes it to SKELETON, and only when that worked.
execute_process(COMMAND ${BPFTOOL} gen skeleton ${OBJECT} name ${NAME} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${SKELETON} "${text}")
