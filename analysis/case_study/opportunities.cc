// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/opportunities.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "analysis/model/count.h"
#include "core/config_table.h"
#include "core/operation.h"

namespace tare {
namespace {

constexpr std::string_view text_of_file =
#include "opportunities.inc"
    ;
constexpr const char* file_name = "analysis/case_study/opportunities.toml";

constexpr std::array<std::string_view, 1> root_keys{"opportunity"};
constexpr std::array<std::string_view, 6> item_keys{"priority", "line", "text", "promises", "op", "steps"};
constexpr std::array<std::string_view, 4> promised_metrics{"syscalls", "queue_ops", "allocations", "data_copies"};

Opportunity read_item(const ConfigTable& table) {
    table.allow(item_keys);
    Opportunity item{table.text("priority"),
                     table.count("line", 1, 1'000'000),
                     table.text("text"),
                     table.text("promises", promised_metrics),
                     table.texts("op", operation_names),
                     {}};
    const std::vector<std::string> variants = table.texts("steps");
    if (variants.size() % 2 != 0) throw table.wrong("steps", "steps are pairs: before, after");
    for (std::size_t index = 0; index < variants.size(); index += 2)
        item.steps.push_back({parse_variant_name(variants[index]), parse_variant_name(variants[index + 1])});
    return item;
}

// Parts that went, and parts that came.
void note_parts(const Count& before, const Count& after, std::set<std::string>& gone, std::set<std::string>& come) {
    for (const auto& [part, figure] : before.parts) {
        const auto left = after.parts.find(part);
        if (left == after.parts.end() || (figure.present() && left->second.present() && left->second.value() < figure.value()))
            gone.insert(part);
    }
    for (const auto& [part, figure] : after.parts) {
        if (!before.parts.contains(part)) come.insert(part);
    }
}

}  // namespace

std::string_view name_of(Delivery delivery) {
    constexpr std::array<std::string_view, 4> names{"delivers", "delivers in part", "delivers nothing", "not measurable"};
    return names[static_cast<std::size_t>(delivery)];
}

std::vector<Opportunity> load_opportunities() {
    const toml::table root = parse_toml(text_of_file, file_name);
    const std::string where = file_name;
    const ConfigTable table(root, where);
    table.allow(root_keys);
    std::vector<Opportunity> items;
    for (const ConfigTable& item : table.tables("opportunity")) items.push_back(read_item(item));
    return items;
}

Delivered judge(const Opportunity& opportunity, const Measurements& measured) {
    std::size_t lowered = 0, compared = 0;
    std::set<std::string> gone, come, unchanged;
    for (const auto& [variant_before, variant_after] : opportunity.steps) {
        for (const std::string& op : opportunity.ops) {
            const Count before = count_of(measured, variant_before, op, opportunity.promises);
            const Count after = count_of(measured, variant_after, op, opportunity.promises);
            for (const Count* const count : {&before, &after}) {
                if (!count->total.present()) return {Delivery::not_measurable, op + ": " + count->total.reason()};
            }
            ++compared;
            note_parts(before, after, gone, come);
            if (after.total.value() < before.total.value())
                ++lowered;
            else
                unchanged.insert(op);
        }
    }
    std::string reason;
    if (!gone.empty()) reason += fmt::format("less of {}", fmt::join(gone, ", "));
    if (!come.empty()) reason += fmt::format("{}new: {}", reason.empty() ? "" : "; ", fmt::join(come, ", "));
    if (!unchanged.empty()) reason += fmt::format("{}no fewer for {}", reason.empty() ? "" : "; ", fmt::join(unchanged, ", "));
    return {lowered == compared ? Delivery::delivers : lowered > 0 ? Delivery::in_part : Delivery::nothing, reason};
}

}  // namespace tare
