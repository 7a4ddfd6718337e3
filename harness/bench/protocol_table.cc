// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/protocol_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "harness/load/protocols/protocol_kind.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 11> operation_keys{"request",  "reply", "until",     "begins",  "length", "http",
                                                          "datagram", "body",  "max_bytes", "prepare", "proof"};
constexpr std::array<std::string_view, 5> rule_keys{"reply", "until", "length", "http", "datagram"};
constexpr std::array<std::string_view, 4> length_keys{"at", "bytes", "endian", "add"};
constexpr std::array<std::string_view, 2> endians{"big", "little"};
constexpr std::array<std::string_view, 2> value_kinds{"text", "bytes"};
constexpr std::uint64_t length_at_max = 4096;
constexpr std::uint64_t added_max = 1'000'000;

TemplateText template_of(const ConfigTable& table, std::string_view key) {
    const std::string text = table.text(key);
    try {
        return TemplateText(text);
    } catch (const Error& error) {
        throw table.wrong(key, fmt::format("{}: {}", key, error.what()));
    }
}

TemplateText reply_text(const ConfigTable& table, std::string_view key) {
    TemplateText text = template_of(table, key);
    if (text.has(TemplateText::Kind::rest_bytes)) throw table.wrong(key, "{rest_bytes} is of requests only");
    if (text.pieces().size() > reply_pieces_max)
        throw table.wrong(key, fmt::format("{} has {} pieces; allowed: {} placeholders and texts between them", key,
                                           text.pieces().size(), reply_pieces_max));
    return text;
}

void read_length(ReplyRule& rule, const ConfigTable& table) {
    const ConfigTable length = *table.table("length");
    length.allow(length_keys);
    rule.length_at = length.has("at") ? length.count("at", 0, length_at_max) : 0;
    rule.length_format.width_bytes = length.count("bytes", 1, 8);
    rule.length_format.big_endian = !length.has("endian") || length.text("endian", endians) == "big";
    if (length.has("add")) {
        const double added = length.number("add", -static_cast<double>(added_max), static_cast<double>(added_max));
        rule.length_added = static_cast<std::int64_t>(added);
        if (static_cast<double>(rule.length_added) != added) throw length.wrong("add", "add is no whole number");
    }
    if (rule.text.has(TemplateText::Kind::value) || rule.text.least_bytes() > rule.length_at)
        throw table.wrong("begins", fmt::format("begins goes beyond byte {}, where the length stands", rule.length_at));
}

void read_until(ReplyRule& rule, const ConfigTable& table) {
    const std::string text = table.text("until");
    std::string delimiter;
    try {
        delimiter = literal_bytes(text);
    } catch (const Error& error) {
        throw table.wrong("until", fmt::format("until: {}", error.what()));
    }
    if (delimiter.empty() || delimiter.size() > delimiter_bytes_max)
        throw table.wrong("until", fmt::format("until has {} bytes; allowed: 1 to {}, or the reply cannot end", delimiter.size(),
                                               delimiter_bytes_max));
    set_delimiter(rule, delimiter);
}

ReplyRule rule_of(const ConfigTable& table) {
    std::vector<std::string_view> given;
    std::copy_if(rule_keys.begin(), rule_keys.end(), std::back_inserter(given),
                 [&](std::string_view key) { return table.has(key); });
    if (given.size() != 1)
        throw table.wrong(fmt::format(
            "{}; one of these says where a reply ends: {}",
            given.empty() ? std::string("a reply that cannot end") : fmt::format("{} are given", fmt::join(given, " and ")),
            fmt::join(rule_keys, ", ")));
    const std::string_view key = given.front();
    const bool begins = key == "until" || key == "length" || key == "datagram";
    if (table.has("begins") && !begins) throw table.wrong("begins", "begins goes with until, length and datagram");
    if (table.has("body") && key != "http") throw table.wrong("body", "body goes with http");
    ReplyRule rule;
    if (table.has("max_bytes")) rule.bytes_max = table.count("max_bytes", 1, reply_bytes_max_most);
    if (table.has("begins")) rule.text = reply_text(table, "begins");
    if (key == "reply") {
        rule.text = reply_text(table, "reply");
        if (rule.text.empty()) throw table.wrong("reply", "a reply without a byte cannot be told from none");
        rule.bytes_max = reply_bytes_max_most;
    } else if (key == "until") {
        rule.kind = ReplyRule::Kind::until;
        read_until(rule, table);
    } else if (key == "length") {
        rule.kind = ReplyRule::Kind::length;
        read_length(rule, table);
    } else if (key == "http") {
        rule.kind = ReplyRule::Kind::http;
        rule.http_status = table.count("http", 100, 999);
        if (table.has("body")) rule.text = reply_text(table, "body");
    } else {
        rule.kind = ReplyRule::Kind::datagram;
        if (!table.flag("datagram")) throw table.wrong("datagram", "datagram is true, or is left out");
    }
    return rule;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
               letter == '_' || letter == '-';
    });
}

std::optional<std::size_t> place_of(const ProtocolTemplate& protocol, const ConfigTable& table, std::string_view key) {
    if (!table.has(key)) return std::nullopt;
    const std::string name = table.text(key);
    std::vector<std::string> names;
    for (const TemplateOperation& operation : protocol.operations) names.push_back(operation.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw table.wrong(key, fmt::format("{} is '{}', which is no operation of protocol {}; there are: {}", key, name,
                                           protocol.name, fmt::join(names, ", ")));
    return static_cast<std::size_t>(found - names.begin());
}

ProtocolTemplate read_protocol(const std::string& name, const ConfigTable& table) {
    ProtocolTemplate protocol{name};
    std::vector<ConfigTable> operations;
    for (const std::string& key : table.keys()) {
        if (key == "values") continue;
        if (!is_name(key)) throw table.wrong(key, fmt::format("an operation's name is letters, digits, _ and -; not '{}'", key));
        operations.push_back(*table.table(key));
        operations.back().allow(operation_keys);
        TemplateOperation operation{key, template_of(operations.back(), "request"), rule_of(operations.back())};
        if (operation.request.empty()) throw operations.back().wrong("request", "a request needs a byte");
        protocol.operations.push_back(std::move(operation));
    }
    if (operations.empty() || operations.size() > own_operations_max)
        throw table.wrong(fmt::format("protocol {} has {} operations; allowed: 1 to {}, each a table [protocol.{}.OPERATION]",
                                      name, operations.size(), own_operations_max, name));
    if (table.has("values")) protocol.values_are_text = table.text("values", value_kinds) == "text";
    for (std::size_t place = 0; place < operations.size(); ++place) {
        protocol.operations[place].preparation = place_of(protocol, operations[place], "prepare");
        protocol.operations[place].proof = place_of(protocol, operations[place], "proof");
    }
    return protocol;
}

}  // namespace

ProtocolTemplates read_protocols(const ConfigTable& protocols) {
    ProtocolTemplates all;
    for (const std::string& name : protocols.keys()) {
        if (protocol_named(name)) throw protocols.wrong(name, fmt::format("protocol {} is built in; name yours otherwise", name));
        all.emplace(name, std::make_shared<const ProtocolTemplate>(read_protocol(name, *protocols.table(name))));
    }
    return all;
}

}  // namespace tare
