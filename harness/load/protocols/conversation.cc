// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/conversation.h"

#include "core/check.h"
#include "harness/load/protocols/value_files.h"

namespace tare {
namespace {

// As many keys and sizes as the workload has; sets are proved by gets.
LoadPlan plan_of(const Workload& workload, std::uint64_t key_count, const SpokenProtocol& protocol,
                 const std::filesystem::path& files) {
    check(key_count > 0, "a conversation needs a key");
    LoadPlan plan;
    plan.protocol = protocol;
    plan.files = files;
    plan.mix = {{workload.operation, 1}};
    for (const auto& other : {preparation_of(protocol, workload.operation), proof_of(protocol, workload.operation)}) {
        if (other) plan.mix.push_back({*other, 1});
    }
    plan.key_bytes = workload.key_bytes;
    plan.key_count = key_count;
    plan.value_bytes = {workload.value_bytes};
    return plan;
}

}  // namespace

Conversation::Conversation(const Workload& workload, std::uint64_t key_count, const SpokenProtocol& protocol,
                           const std::filesystem::path& files)
    : pipeline_(workload.pipeline),
      key_count_(key_count),
      operation_(workload.operation),
      plan_(plan_of(workload, key_count, protocol, files)),
      pool_(std::make_unique<ValuePool>(plan_.value_bytes, plan_.seed, has_text_values(protocol))),
      protocol_(make_protocol(plan_, *pool_)) {
    check(operation_ != Operation::delete_hit || pipeline_ == 1, "a pipelined delete");
    // A key's two values stand apart, so that each set changes what is stored.
    const std::uint64_t rounds = stores(protocol, operation_) ? 2 : 1;
    const std::optional<Operation> preparation = preparation_of(protocol, operation_);
    const std::optional<Operation> proof = proof_of(protocol, operation_);
    for (std::uint64_t number = 0; number < rounds * key_count; ++number) {
        const std::uint64_t key = number % key_count;
        const auto version = static_cast<std::uint8_t>(number / key_count);
        exchanges_.push_back(exchange_of({key, operation_, version}, pipeline_));
        if (proof) proofs_.push_back(exchange_of({key, *proof, version}, 1));
        if (preparation && version == 0) preparation_.push_back(exchange_of({key, *preparation, 0}, 1));
    }
}

Exchange Conversation::exchange_of(const DrawnRequest& asked, std::uint64_t count) const {
    Exchange all;
    for (std::uint64_t index = 0; index < count; ++index) protocol_->append_request(all.request, asked);
    if (asked.operation != Operation::set_noreply) all.asked.assign(count, asked);
    return all;
}

void Conversation::describe_reply(const DrawnRequest& asked, ExpectedReply& reply) const {
    protocol_->describe_reply(asked, reply);
    reply.settle(asked.version);  // one request at a time: it is known which one is stored
}

std::string Conversation::reply_text(const Exchange& exchange) const {
    std::string text;
    ExpectedReply reply;
    for (const DrawnRequest& asked : exchange.asked) {
        describe_reply(asked, reply);
        text += reply.text();
    }
    return text;
}

void Conversation::write_files() const {
    if (plan_.protocol.is(ProtocolKind::http) && operation_ == Operation::get_hit) write_value_files(plan_, *pool_);
}

std::vector<Exchange> Conversation::proof(std::uint64_t exchange_count) const {
    std::vector<Exchange> last;
    if (proofs_.empty()) return last;
    const std::uint64_t first = exchange_count > key_count_ ? exchange_count - key_count_ : 0;
    for (std::uint64_t index = first; index < exchange_count; ++index) last.push_back(proofs_[index % proofs_.size()]);
    return last;
}

}  // namespace tare
