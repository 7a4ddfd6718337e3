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

#include "core/measured.h"
#include "core/operation.h"
#include "run/observation.h"

namespace tare {

// What a suite may name: variants in their order, and other names for some of them.
struct VariantNames {
    std::vector<std::string> names;
    std::map<std::string, std::string> aliases;
};

class ReferenceServers {
public:
    // `folder` holds tare-server and tare-server-counted. Throws run_failed when one is missing.
    explicit ReferenceServers(const std::filesystem::path& folder);
    // Those that were built with this program: in its own folder.
    static ReferenceServers beside_this_program();

    // `timed` or `counted`.
    std::string program(const std::string& build) const;

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
