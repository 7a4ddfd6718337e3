# SPDX-License-Identifier: Apache-2.0
# Adds to what is packed what only a Debian package has: a copyright file in place of the licence, a changelog, and manual pages
# compressed.
set(copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tare

Files: *
Copyright: 2026 the tare authors
License: Apache-2.0

License: Apache-2.0
 On Debian systems the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
")
# The day of the revision, so that one revision makes one package.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND date -u -R -d @$ENV{SOURCE_DATE_EPOCH} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
else()
  execute_process(COMMAND date -u -R OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(changelog "tare (${CPACK_DEBIAN_PACKAGE_VERSION}) unstable; urgency=medium

  * What changed for users is in CHANGELOG.md beside this file.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")

foreach(package IN ITEMS tare tare-dbgsym)
  string(REPLACE "tare-dbgsym" debug component ${package})
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX})
  set(folder ${root}/${CPACK_TARE_DOC_FOLDER}/${package})
  file(WRITE ${folder}/copyright "${copyright}")
  file(REMOVE ${folder}/LICENSE)
  file(WRITE ${folder}/changelog "${changelog}")
  # Debian's zsh looks for what packages bring in a place of its own.
  if(EXISTS ${root}/share/zsh/site-functions)
    file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
  endif()
  file(GLOB pages ${root}/share/man/man*/*.[0-9])
  execute_process(COMMAND gzip -9nf ${folder}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
  file(CHMOD_RECURSE ${folder}
       FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
       DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endforeach()
