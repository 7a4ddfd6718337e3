// SPDX-License-Identifier: Apache-2.0
// The clients' reply parsers of every protocol: what they say of bytes does not depend on where reads were cut.
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "harness/load/protocols/protocol.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

namespace {

struct Asked {
    LoadPlan plan;
    ValuePool pool;
    std::unique_ptr<Protocol> protocol;

    explicit Asked(const SpokenProtocol& spoken, Operation operation) : pool({64}, 1) {
        plan.protocol = spoken;
        plan.mix = {{operation, 1}};
        protocol = make_protocol(plan, pool);
    }
};

// Each operation of each protocol, made once.
const std::vector<std::unique_ptr<Asked>>& all() {
    static const auto made = [] {
        std::vector<std::unique_ptr<Asked>> every;
        for (const ProtocolKind kind : {ProtocolKind::memcached, ProtocolKind::resp, ProtocolKind::http}) {
            for (const std::string_view name : operations_of(kind))
                every.push_back(std::make_unique<Asked>(SpokenProtocol(kind), *operation_named(SpokenProtocol(kind), name)));
        }
        return every;
    }();
    return made;
}

// Replies of a suite's own protocols: until a delimiter that begins twice in itself, and by a length.
const std::array<ReplyRule, 2>& rules() {
    static const auto made = [] {
        std::array<ReplyRule, 2> both;
        both[0].kind = ReplyRule::Kind::until;
        set_delimiter(both[0], "abab\n");
        both[1].kind = ReplyRule::Kind::length;
        both[1].length_at = 2;
        both[1].length_format = TemplateText("{n:u16be}").pieces().front().format;
        both[1].length_added = 4;
        for (ReplyRule& rule : both) rule.bytes_max = 1000;
        return both;
    }();
    return made;
}

struct Said {
    std::size_t right_bytes = 0;
    bool wrong = false;
    bool complete = false;
};

Said said(const ExpectedReply& reply, std::string_view bytes, std::size_t piece_bytes) {
    ReplyCursor cursor;
    Said said;
    while (!bytes.empty() && !cursor.complete(reply)) {
        const std::string_view piece = bytes.substr(0, piece_bytes);
        const std::optional<std::size_t> taken = cursor.advance(reply, piece);
        if (!taken) {
            said.wrong = true;
            return said;
        }
        fuzz::require(*taken <= piece.size(), "no more belongs to a reply than there is");
        fuzz::require(*taken == piece.size() || cursor.complete(reply), "what does not belong to it follows its end");
        said.right_bytes += *taken;
        bytes.remove_prefix(*taken);
    }
    said.complete = cursor.complete(reply);
    return said;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    if (size_bytes < 2) return 0;
    const std::size_t which = data[0] % (all().size() + rules().size());
    const std::size_t piece_bytes = 1 + data[1] % 16;
    const std::string_view bytes = fuzz::text_of(data + 2, size_bytes - 2);
    ExpectedReply reply;
    reply.clear();
    if (which < rules().size()) {
        reply.add_ruled(rules()[which]);
    } else {
        const Asked& asked = *all()[which - rules().size()];
        asked.protocol->describe_reply({3, asked.plan.mix.front().operation, 0}, reply);
    }
    const Said whole = said(reply, bytes, bytes.size() + 1), cut = said(reply, bytes, piece_bytes);
    fuzz::require(whole.wrong == cut.wrong, "a byte is wrong wherever the reads were cut");
    if (!whole.wrong)
        fuzz::require(whole.complete == cut.complete && whole.right_bytes == cut.right_bytes, "so is a reply's end");
    if (reply.whole_in(bytes) > 0)
        fuzz::require(whole.complete && whole.right_bytes == reply.whole_in(bytes), "so it is in place");
    return 0;
}
