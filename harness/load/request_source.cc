// SPDX-License-Identifier: Apache-2.0
#include "harness/load/request_source.h"

#include <cmath>
#include <limits>

#include "core/error.h"

namespace tare {

RequestSource::RequestSource(const LoadPlan& plan, const KeyPopularity& popularity, std::uint64_t seed)
    : popularity_(popularity), random_(seed) {
    double sum = 0;
    for (const LoadPlan::Share& share : plan.mix) {
        if (!std::isfinite(share.weight) || share.weight < 0) throw usage_error("a weight in the mix is 0 or more");
        sum += share.weight;
    }
    if (sum <= 0) throw usage_error("the mix needs a weight above 0");
    double so_far = 0;
    for (const LoadPlan::Share& share : plan.mix) {
        if (share.weight <= 0) continue;
        so_far += share.weight;
        operations_.push_back({share.operation, stores(plan.protocol, share.operation),
                               static_cast<std::uint64_t>(std::ldexp(std::min(so_far / sum, 0.999999999999), 64))});
        if (operations_.back().stores) last_version_.resize(plan.key_count);
    }
    operations_.back().up_to = std::numeric_limits<std::uint64_t>::max();
}

const RequestSource::Share& RequestSource::draw_share() {
    const std::uint64_t random = random_();
    for (const Share& share : operations_) {
        if (random <= share.up_to) return share;
    }
    return operations_.back();
}

void RequestSource::change_value(DrawnRequest& request) {
    last_version_[request.key].flip();
    request.version = last_version_[request.key] ? 1 : 0;
}

}  // namespace tare
