// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/revision_trees.h"

#include "core/error.h"
#include "harness/ab/long_command.h"
#include "harness/subprocess.h"

namespace tare {

std::string commit_named(const std::string& folder, const std::string& revision) {
    // A revision that begins with a dash would be an option.
    Subprocess git({"git", "-C", folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
    const auto commit = git.read_line(std::chrono::seconds(10));
    const bool ended = git.ended(std::chrono::seconds(10));
    if (ended && git.exit_code() == 0 && commit) return *commit;
    const std::string said = git.last_errors();
    throw usage_error("'" + revision + "' is no revision of the repository " + folder + (said.empty() ? "" : ": " + said));
}

bool has_uncommitted_changes(const std::string& folder) {
    return !output_of({"git", "-C", folder, "status", "--porcelain", "--untracked-files=no"}).empty();
}

RevisionTrees::RevisionTrees(std::string repository) : repository_(std::move(repository)), scratch_(std::in_place) {
    forget_removed();
}

RevisionTrees::~RevisionTrees() {
    scratch_.reset();
    try {
        forget_removed();
    } catch (const std::exception&) {
        // git forgets them by itself, in time
    }
}

std::filesystem::path RevisionTrees::add(const std::string& name, const std::string& commit) {
    std::filesystem::path tree = scratch_->path() / name;
    run_long_command({"git", "worktree", "add", "--quiet", "--detach", tree.string(), commit}, repository_);
    return tree;
}

// A worktree whose folder is gone is taken out of the repository's list.
void RevisionTrees::forget_removed() const { output_of({"git", "-C", repository_, "worktree", "prune"}); }

}  // namespace tare
