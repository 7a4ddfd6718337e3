// SPDX-License-Identifier: Apache-2.0
// Draws one request after the other from a plan's mix and popularity. Each thread has its own.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "harness/load/popularity.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

class RequestSource {
public:
    // Throws usage_error for a mix without a weight above 0. `popularity` must outlive it.
    RequestSource(const LoadPlan& plan, const KeyPopularity& popularity, std::uint64_t seed);

    DrawnRequest draw() {
        DrawnRequest request{popularity_.draw(random_())};
        const Share& share = operations_.size() > 1 ? draw_share() : operations_.front();
        request.operation = share.operation;
        if (share.stores) change_value(request);
        return request;
    }

private:
    struct Share {
        Operation operation;
        bool stores;
        std::uint64_t up_to;  // of 2^64 - 1
    };

    const Share& draw_share();
    // Each set stores the value that this source did not store there last.
    void change_value(DrawnRequest& request);

    const KeyPopularity& popularity_;
    std::vector<Share> operations_;
    std::vector<bool> last_version_;  // of each key; empty when nothing is set
    std::mt19937_64 random_;
};

}  // namespace tare
