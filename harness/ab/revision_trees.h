// SPDX-License-Identifier: Apache-2.0
// Two revisions of a git repository as two folders side by side: git worktrees in a scratch folder, which are gone with their
// owner. How they are built is build_servers.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/process/scratch_folder.h"

namespace tare {

// The commit that `revision` names in the repository of `folder`. Throws usage_error when there is none.
std::string commit_named(const std::string& folder, const std::string& revision);

// Whether the working tree of `folder` has changes that no commit has.
bool has_uncommitted_changes(const std::string& folder);

class RevisionTrees {
public:
    // Takes the leftovers of killed runs out of the repository's books, too.
    explicit RevisionTrees(std::string repository);
    ~RevisionTrees();
    RevisionTrees(const RevisionTrees&) = delete;
    RevisionTrees& operator=(const RevisionTrees&) = delete;

    // A tree of this commit; throws run_failed.
    std::filesystem::path add(const std::string& name, const std::string& commit);

private:
    // Takes trees of tare whose folder is gone out of the repository's list.
    void forget_leftovers() const;

    std::string repository_;
    std::optional<ScratchFolder> scratch_;
};

}  // namespace tare
