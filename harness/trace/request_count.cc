// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/request_count.h"

#include <sys/stat.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "run/csv.h"
#include "run/observation.h"

namespace tare {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> sent_by_json(const std::string& text) {
    const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("requests_sent")) return std::nullopt;
    const nlohmann::json& sent = document["requests_sent"];
    return sent.is_number_unsigned() ? std::optional(sent.get<std::uint64_t>()) : std::nullopt;
}

std::optional<std::uint64_t> sent_by_csv(const std::filesystem::path& path) {
    std::optional<std::uint64_t> sent;
    for (const Observation& row : read_observations(path).rows) {
        if (row.quantity != Quantity{"requests_sent", ""} || !row.reading.present()) continue;
        if (sent) return std::nullopt;
        sent = row.reading.value();
    }
    return sent;
}

}  // namespace

std::uint64_t request_count(const std::string& source, std::int64_t begin_s) {
    if (const auto number = number_of(source)) {
        if (*number == 0) throw usage_error("--requests-from 0: nothing can be given per request");
        return *number;
    }
    const std::string text = read_file(source);
    struct stat status {};
    if (::stat(source.c_str(), &status) == 0 && status.st_mtim.tv_sec < begin_s)
        throw data_refused(source + " was written before the window began, so it is the count of another one");
    std::optional<std::uint64_t> count = number_of(trimmed(text));
    if (!count) count = trimmed(text).starts_with('{') ? sent_by_json(text) : sent_by_csv(source);
    if (!count || *count == 0)
        throw data_refused(source + ": no count of requests: neither a number nor the csv or json of one `tare load`");
    return *count;
}

}  // namespace tare
