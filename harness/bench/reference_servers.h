// SPDX-License-Identifier: Apache-2.0
// The reference servers as programs: where they are, which variants they offer, what they predict. The harness executes
// them and never includes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/operation.h"
#include "core/snapshot.h"
#include "run/observation.h"

namespace tare {

// What a suite may name: variants in their order, and other names for some of them.
struct VariantNames {
    std::vector<std::string> names;
    std::map<std::string, std::string> aliases;
    std::string missing = {};  // why there are none; empty where there are
};

class ReferenceServers {
public:
    // `folder` holds tare-server and tare-server-counted. Without one of them there is no variant, and whatever is asked of these
    // servers throws cannot_measure with the reason: suites of other servers need none.
    explicit ReferenceServers(const std::filesystem::path& folder);
    // Those that were built or installed with this program.
    static ReferenceServers beside_this_program();

    bool are_there() const { return names_.missing.empty(); }
    // Throws cannot_measure when they are not there.
    void require() const;

    // Of one of our builds: timed or counted.
    std::string program(Build build) const;

    struct Row {
        std::string name;
        std::string description;
    };
    const std::vector<Row>& variants() const { return variants_; }
    const VariantNames& names() const { return names_; }
    // The variant that `name` is, or is another name for. Throws usage_error that lists what there is when it is neither.
    std::string variant_named(std::string_view name) const;

    // The settings that all variants share, by name.
    std::map<std::string, std::uint64_t> settings() const;

    // What one request should cost.
    Snapshot predict(const VariantName& variant, const Workload& workload) const;

private:
    std::filesystem::path folder_;
    std::vector<Row> variants_;
    VariantNames names_;
};

}  // namespace tare
