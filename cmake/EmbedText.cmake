# SPDX-License-Identifier: Apache-2.0
# tare_embed_text(OUTPUT FILE): a header with the content of FILE as a raw string literal, to be included as an expression.
# Files belong into the binary when it must work without its source tree.
function(tare_embed_text output file)
  file(READ ${file} text)
  # A literal may hold 64 KiB at most in portable C++; pieces next to each other are one.
  string(LENGTH "${text}" length)
  set(literal "")
  set(begin 0)
  while(begin LESS length)
    string(SUBSTRING "${text}" ${begin} 8000 piece)
    string(APPEND literal "R\"embedded(${piece})embedded\"\n")
    math(EXPR begin "${begin} + 8000")
  endwhile()
  file(CONFIGURE OUTPUT ${output} CONTENT "@literal@" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endfunction()
