// SPDX-License-Identifier: Apache-2.0
// The reference document's optimisations as data (analysis/case_study/opportunities.toml, part of this program), and what each of
// them is found to save.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/model/measurements.h"

namespace tare {

struct Opportunity {
    std::string priority;    // the reference document's heading
    std::uint64_t line = 0;  // of the reference document's file
    std::string text;        // the reference document's words
    std::string promises;    // the metric that it is to lower
    std::vector<std::string> ops;
    struct Step {
        VariantName before;
        VariantName after;
    };
    std::vector<Step> steps;
};

enum class Delivery : std::uint8_t { delivers, in_part, nothing, not_measurable };

std::string_view name_of(Delivery delivery);

struct Delivered {
    Delivery delivery = Delivery::not_measurable;
    std::string reason;  // what was saved, or was not, or why it is not known
};

// Throws usage_error with the line of the file for an unknown key or value.
std::vector<Opportunity> load_opportunities();

// By the counts of both variants of every step for every operation: `delivers` when each is lowered, `in_part` when some are.
Delivered judge(const Opportunity& opportunity, const Measurements& measured);

}  // namespace tare
