// SPDX-License-Identifier: Apache-2.0
// Which program a file is: the build id that the linker made of its content. Two files of one id are one program.
#pragma once

#include <string>

#include "core/measured.h"

namespace tare {

// The GNU build id in hexadecimal digits; absent where the file has none, or is none.
Measured<std::string> build_id_of(const std::string& path);

}  // namespace tare
