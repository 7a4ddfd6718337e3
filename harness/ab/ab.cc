// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/ab.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/standard_streams.h"
#include "core/status.h"
#include "harness/ab/build_id.h"
#include "harness/ab/build_servers.h"
#include "harness/ab/revision_trees.h"
#include "harness/process/interrupt.h"
#include "harness/process/long_command.h"

namespace tare {
namespace {

// Whether what is compared lies in each side's own folder, and is not tare's own servers.
bool is_rooted(const AbOptions& options) {
    if (options.command.empty()) return has_rooted_subjects(options.suite);
    const bool rooted = std::any_of(options.command.begin(), options.command.end(),
                                    [](const std::string& word) { return word.find("{root}") != std::string::npos; });
    if (!rooted)
        throw usage_error("the command is the same on both sides: write {root} for the folder of each, as in {root}/build/tool");
    return true;
}

void check_sides(const AbOptions& options, bool rooted) {
    const auto given = [](const SideOptions& side) {
        return std::array{!side.revision.empty(), !side.root.empty(), !side.command.empty()};
    };
    const auto forms = given(options.base);
    if (std::count(forms.begin(), forms.end(), true) != 1 || forms != given(options.head))
        throw usage_error(
            "tare ab compares two of one kind: --base and --head, --base-root and --head-root, or --base-command and "
            "--head-command");
    if (!options.build.empty() && !(rooted && forms[0]))
        throw usage_error("--build is for two revisions of a server or command that is started from {root}");
    if (!options.command.empty() && forms[2])
        throw usage_error("--base-command and --head-command take the place of a suite's server, and there is no suite");
}

// Where the servers of one side are, and what is known of them.
struct Origin {
    std::string name;
    std::string root;  // what {root} stands for
    std::optional<ReferenceServers> reference;
    nlohmann::json subject = nlohmann::json::object();
};

Origin of_folder(const std::string& name, const std::string& folder, bool rooted) {
    Origin origin{name, {}, {}};
    if (rooted)
        origin.root = folder;
    else
        origin.reference.emplace(folder).require();
    origin.subject["revision"] = "unknown";
    return origin;
}

Origin of_revision(const std::string& name, const std::string& commit, RevisionTrees& trees, bool rooted,
                   const AbOptions& options) {
    remark(fmt::format("{}: building {}\n", name, commit.substr(0, 12)));
    const std::filesystem::path tree = trees.add(name, commit);
    if (rooted && !options.build.empty()) run_long_command(options.build, tree.string());
    Origin origin = of_folder(name, rooted ? tree.string() : build_servers(tree).string(), rooted);
    origin.subject["revision"] = commit;
    return origin;
}

// The suite for one side, without the variants that its servers do not have: the other one's alone.
Side side_of(const Origin& origin, Suite suite, const ReferenceServers& own, const std::vector<std::string>& command) {
    Side side{origin.name, std::move(suite), origin.reference.value_or(own), origin.subject};
    nlohmann::json& ids = side.subject["build_ids"];
    if (!command.empty()) {
        if (side.suite.servers.size() != 1)
            throw usage_error("--base-command and --head-command take the place of a suite's one server; it has " +
                              std::to_string(side.suite.servers.size()));
        side.suite.servers.begin()->second.instead = command;
        side.subject["command"] = command;
    }
    give_root(side.suite.servers, origin.root);
    give_root(side.suite.commands, origin.root);
    for (const auto& [name, server] : side.suite.servers) {
        if (!origin.root.empty() || !command.empty()) ids[name] = text_or_status(build_id_of(program_of(server)));
    }
    for (const auto& [name, subject] : side.suite.commands) {
        if (needs_root(subject)) ids[name] = text_or_status(build_id_of(command_line(subject).front()));
    }
    if (origin.reference) {
        for (const Build build : {Build::timed, Build::counted})
            ids[name_of(build)] = text_or_status(build_id_of(origin.reference->program(build)));
    }
    const auto& known = side.reference.names().names;
    std::erase_if(side.suite.cells, [&](const Cell& cell) {
        return !cell.external() && std::find(known.begin(), known.end(), to_string(cell.key.variant)) == known.end();
    });
    return side;
}

void set_slices(Suite& suite, std::uint64_t slices) {
    for (Cell& cell : suite.cells) {
        if (cell.load && slices > 0) cell.load->repetitions = slices;
        if (cell.command && cell.command->timed && slices > 0) cell.command->count = slices;
    }
}

// What a suite may name: the variants of either side, and of this program's own servers.
VariantNames names_of_all(const ReferenceServers& own, const Origin& base, const Origin& head) {
    VariantNames all = own.names();
    // The sides bring their own.
    if (base.reference) all.missing.clear();
    for (const Origin* const origin : {&base, &head}) {
        if (!origin->reference) continue;
        for (const std::string& name : origin->reference->names().names) {
            if (std::find(all.names.begin(), all.names.end(), name) == all.names.end()) all.names.push_back(name);
        }
        all.aliases.insert(origin->reference->names().aliases.begin(), origin->reference->names().aliases.end());
    }
    return all;
}

// A revision is what was committed; what was not would be missed.
void tell_uncommitted(const AbOptions& options, const std::string& base, const std::string& head) {
    const std::string here = commit_named(options.repository, "HEAD");
    if ((here == base || here == head) && has_uncommitted_changes(options.repository))
        say(fmt::format("warning: the uncommitted changes of {} are in neither: what is compared is commit {}\n",
                        options.repository, here.substr(0, 12)));
}

std::pair<Origin, Origin> origins_of(const AbOptions& options, bool rooted, std::optional<RevisionTrees>& trees) {
    if (!options.base.command.empty()) return {{"base", {}, {}}, {"head", {}, {}}};
    if (!options.base.root.empty())
        return {of_folder("base", options.base.root, rooted), of_folder("head", options.head.root, rooted)};
    const std::string base = commit_named(options.repository, options.base.revision);
    const std::string head = commit_named(options.repository, options.head.revision);
    tell_uncommitted(options, base, head);
    trees.emplace(options.repository);
    Origin base_origin = of_revision("base", base, *trees, rooted, options);
    return {std::move(base_origin), of_revision("head", head, *trees, rooted, options)};
}

}  // namespace

AbRuns run_ab(const AbOptions& options) {
    const ReferenceServers own = ReferenceServers::beside_this_program();
    const bool rooted = is_rooted(options);
    check_sides(options, rooted);
    catch_interrupts();
    std::optional<RevisionTrees> trees;  // outlives the servers
    const auto [base, head] = origins_of(options, rooted, trees);
    Suite suite =
        options.command.empty() ? load_suite(options.suite, names_of_all(own, base, head)) : suite_of_command(options.command);
    set_slices(suite, options.slices);
    Origin control = base;
    control.name = "control";
    const auto folders =
        run_sides({side_of(base, suite, own, options.base.command), side_of(control, suite, own, options.base.command),
                   side_of(head, suite, own, options.head.command)},
                  options.run);
    return {folders[0], folders[2], folders[1]};
}

}  // namespace tare
