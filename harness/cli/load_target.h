// SPDX-License-Identifier: Apache-2.0
// The server that `tare load` is aimed at, as one word: a URL, or HOST:PORT.
#pragma once

#include <optional>
#include <string>

#include "harness/load/load_plan.h"

namespace tare::cli {

struct LoadTarget {
    Endpoint endpoint;
    std::optional<ProtocolKind> protocol;  // nothing: the URL does not say
    HttpPlace http;
};

// http://HOST[:PORT][/FOLDER], redis://HOST[:PORT], memcached://HOST[:PORT], unix:///PATH, or HOST:PORT. Throws usage_error that
// says which there are.
LoadTarget parse_target(const std::string& text);

}  // namespace tare::cli
