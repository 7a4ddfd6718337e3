// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/revision_trees.h"

#include <sstream>

#include "core/error.h"
#include "harness/process/long_command.h"
#include "harness/process/subprocess.h"

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
    Subprocess git({"git", "-C", folder, "diff", "--quiet", "HEAD"});
    if (!git.ended(std::chrono::minutes(1))) throw run_failed("git diff in " + folder + " does not end");
    if (git.exit_code() > 1) throw run_failed("git diff in " + folder + ": " + git.last_errors());
    return git.exit_code() == 1;
}

RevisionTrees::RevisionTrees(std::string repository) : repository_(std::move(repository)), scratch_(std::in_place) {
    forget_leftovers();
}

RevisionTrees::~RevisionTrees() {
    scratch_.reset();
    try {
        forget_leftovers();
    } catch (const std::exception&) {
        // git forgets them by itself, in time
    }
}

std::filesystem::path RevisionTrees::add(const std::string& name, const std::string& commit) {
    std::filesystem::path tree = scratch_->path() / name;
    run_long_command({"git", "worktree", "add", "--quiet", "--detach", tree.string(), commit}, repository_);
    return tree;
}

// `git worktree prune` would forget the user's own too, where their disk is away at the moment.
void RevisionTrees::forget_leftovers() const {
    std::istringstream list(output_of({"git", "-C", repository_, "worktree", "list", "--porcelain"}));
    constexpr std::string_view entry = "worktree ";
    for (std::string line; std::getline(list, line);) {
        if (!line.starts_with(entry)) continue;
        const std::filesystem::path tree = line.substr(entry.size());
        const bool ours = tree.parent_path().filename().string().starts_with(ScratchFolder::prefix);
        if (ours && !std::filesystem::exists(tree))
            output_of({"git", "-C", repository_, "worktree", "remove", "--force", tree.string()});
    }
}

}  // namespace tare
