// SPDX-License-Identifier: Apache-2.0
// Which program a file is: the build id that the linker made of its content. Two files of one id are one program.
#pragma once

#include <string>

namespace tare {

// The GNU build id in hexadecimal digits; "absent:" and the reason where the file has none, or is none.
std::string build_id_of(const std::string& path);

}  // namespace tare
