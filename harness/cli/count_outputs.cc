// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/count_outputs.h"

#include <array>
#include <utility>
#include <vector>

namespace tare::cli {

CountOutputs::CountOutputs(const std::string& output, const std::string& folded) : counts_(output) {
    if (folded.empty()) return;
    folded_.emplace(folded, "--folded");
    const std::array<const Output*, 2> both{&counts_, &*folded_};
    refuse_one_file_for_two(both);
}

void CountOutputs::write(const std::string& counts, const std::function<std::string()>& folded_stacks) {
    std::vector<std::pair<Output*, std::string>> texts{{&counts_, counts}};
    if (folded_) texts.emplace_back(&*folded_, folded_stacks());
    write_each(texts);
}

}  // namespace tare::cli
