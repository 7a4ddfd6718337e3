// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/fixed_reply.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include "core/error.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

FixedReply::FixedReply(std::string_view text, std::uint64_t request_bytes)
    : file_(::memfd_create("tare-reply", MFD_CLOEXEC)), request_bytes_(request_bytes) {
    if (!file_ || ::write(file_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw system_failed("write the fixed reply");
}

std::vector<std::string> FixedReply::arguments() const {
    return {"--fixed-request-bytes", std::to_string(request_bytes_), "--fixed-reply",
            fmt::format("/proc/{}/fd/{}", ::getpid(), file_.get())};
}

FixedReply fixed_reply_to(const LoadPlan& plan) {
    if (plan.mix.size() != 1 || plan.key_count != 1 || plan.mix.front().operation == Operation::set_noreply)
        throw usage_error("a null server answers one text: it needs one key, and one operation that has a reply");
    const ValuePool pool(plan.value_bytes, plan.seed);
    const auto protocol = make_protocol(plan, pool);
    const DrawnRequest drawn{0, plan.mix.front().operation};
    std::string request;
    protocol->append_request(request, drawn);
    ExpectedReply reply;
    protocol->describe_reply(drawn, reply);
    return {reply.text(), request.size()};
}

}  // namespace tare
