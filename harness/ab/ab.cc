// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/ab.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/standard_streams.h"
#include "harness/ab/build_id.h"
#include "harness/ab/build_servers.h"
#include "harness/process/long_command.h"
#include "harness/ab/revision_trees.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

bool has_rooted_servers(const std::string& suite) {
    const auto servers = servers_of_suite(suite);
    return std::any_of(servers.begin(), servers.end(), [](const auto& each) { return needs_root(each.second); });
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
        throw usage_error("--build is for two revisions of a server that the suite starts from {root}");
}

// What becomes of one side: where its servers are, and what is known of them.
struct Side {
    std::string name;
    std::string root;  // what {root} stands for
    std::optional<ReferenceServers> reference;
    nlohmann::json subject = nlohmann::json::object();
};

Side of_folder(const std::string& name, const std::string& folder, bool rooted) {
    Side side{name, {}, {}};
    if (rooted)
        side.root = folder;
    else
        side.reference.emplace(folder);
    side.subject["revision"] = "unknown";
    return side;
}

Side of_revision(const std::string& name, const std::string& commit, RevisionTrees& trees, bool rooted,
                 const AbOptions& options) {
    say(fmt::format("{}: building {}\n", name, commit.substr(0, 12)));
    const std::filesystem::path tree = trees.add(name, commit);
    if (rooted && !options.build.empty()) run_long_command(options.build, tree.string());
    Side side = of_folder(name, rooted ? tree.string() : build_servers(tree).string(), rooted);
    side.subject["revision"] = commit;
    return side;
}

// The suite for one side, without the variants that its servers do not have: the other one's alone.
Arm arm_of(const Side& side, Suite suite, const ReferenceServers& own, const std::vector<std::string>& command) {
    Arm arm{side.name, std::move(suite), side.reference.value_or(own), side.subject};
    nlohmann::json& ids = arm.subject["build_ids"];
    if (!command.empty()) {
        if (arm.suite.servers.size() != 1)
            throw usage_error("--base-command and --head-command take the place of a suite's one server; it has " +
                              std::to_string(arm.suite.servers.size()));
        arm.suite.servers.begin()->second.instead = command;
        arm.subject["command"] = command;
    }
    give_root(arm.suite.servers, side.root);
    for (const auto& [name, server] : arm.suite.servers) {
        if (!side.root.empty() || !command.empty()) ids[name] = build_id_of(program_of(server));
    }
    if (side.reference) {
        for (const char* const build : {"timed", "counted"}) ids[build] = build_id_of(side.reference->program(build));
    }
    const auto& known = arm.reference.names().names;
    std::erase_if(arm.suite.cells, [&](const Cell& cell) {
        return !cell.foreign() && std::find(known.begin(), known.end(), to_string(cell.key.variant)) == known.end();
    });
    return arm;
}

void set_slices(Suite& suite, std::uint64_t slices) {
    for (Cell& cell : suite.cells) {
        if (cell.load && slices > 0) cell.load->repetitions = slices;
    }
}

// What a suite may name: the variants of either side, and of this program's own servers.
VariantNames names_of_all(const ReferenceServers& own, const Side& base, const Side& head) {
    VariantNames all = own.names();
    for (const Side* const side : {&base, &head}) {
        if (!side->reference) continue;
        for (const std::string& name : side->reference->names().names) {
            if (std::find(all.names.begin(), all.names.end(), name) == all.names.end()) all.names.push_back(name);
        }
        all.aliases.insert(side->reference->names().aliases.begin(), side->reference->names().aliases.end());
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

std::pair<Side, Side> sides_of(const AbOptions& options, bool rooted, std::optional<RevisionTrees>& trees) {
    if (!options.base.command.empty()) return {{"base", {}, {}}, {"head", {}, {}}};
    if (!options.base.root.empty())
        return {of_folder("base", options.base.root, rooted), of_folder("head", options.head.root, rooted)};
    const std::string base = commit_named(options.repository, options.base.revision);
    const std::string head = commit_named(options.repository, options.head.revision);
    tell_uncommitted(options, base, head);
    trees.emplace(options.repository);
    Side base_side = of_revision("base", base, *trees, rooted, options);
    return {std::move(base_side), of_revision("head", head, *trees, rooted, options)};
}

}  // namespace

AbRuns run_ab(const AbOptions& options) {
    const ReferenceServers own = ReferenceServers::beside_this_program();
    const bool rooted = has_rooted_servers(options.suite);
    check_sides(options, rooted);
    catch_interrupts();
    std::optional<RevisionTrees> trees;  // outlives the servers
    const auto [base, head] = sides_of(options, rooted, trees);
    Suite suite = load_suite(options.suite, names_of_all(own, base, head));
    set_slices(suite, options.slices);
    Side control = base;
    control.name = "control";
    const auto folders =
        run_arms({arm_of(base, suite, own, options.base.command), arm_of(control, suite, own, options.base.command),
                  arm_of(head, suite, own, options.head.command)},
                 options.run);
    return {folders[0], folders[2], folders[1]};
}

}  // namespace tare
