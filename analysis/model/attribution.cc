// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/attribution.h"

#include <fmt/format.h>

#include <array>

namespace tare {
namespace {

// io_uring's socket operations are calibrated in batches of so many with one enter; each is a multishot receive, a CQE
// without an SQE, or a send without completion, an SQE without a CQE.
constexpr double calibrated_batch = 32;
constexpr double calibrated_pairs = 0.5;

constexpr Estimate nothing{};

Price cost_of(const Sample& count, const Price& unit) {
    return count.median().transform([&](const Estimate& number) { return number.high == 0 ? Price(nothing) : unit * number; });
}

std::string bytes_text(double bytes) { return fmt::format("{:.0f} bytes", bytes); }

// The counts of one counted cell as terms.
class Account {
public:
    Account(const LoadMeasurements& load, const Prices& prices, const CellKey& counted)
        : load_(load), prices_(prices), cell_(counted), crossing_(prices.price("system_call")) {}

    std::vector<Term> terms() const {
        std::vector<Term> terms{
            term("crossing", Expense::system_calls, count("syscalls"), crossing_),
            epoll_wait(),
            term("recvfrom, EAGAIN", Expense::system_calls, count("syscalls_eagain", "recvfrom"),
                 beyond_crossing("loopback_receive_empty")),
            term("epoll_ctl", Expense::system_calls, count("syscalls", "epoll_ctl"), beyond_crossing("epoll_ctl_mod")),
            term("io_uring_enter", Expense::queue_operations, count("syscalls", "io_uring_enter"),
                 prices_.intercept("uring_enter_nops") - crossing_),
            term("SQE/CQE pair", Expense::queue_operations, (count("sqes") + count("cqes")) * 0.5,
                 prices_.slope("uring_enter_nops"))};
        add_sockets(terms);
        terms.push_back(by_size("malloc and free", Expense::allocations, "malloc_free", "allocations", "allocated_bytes"));
        terms.push_back(by_size("memcpy", Expense::copies, "memcpy", "copies", "copied_bytes"));
        // Without its price, what sleeping and waking cost stays in the residual.
        if (prices_.holds("wake_up"))
            terms.push_back(
                term("sleep and wake", Expense::system_calls, count("context_switches", "voluntary"), prices_.price("wake_up")));
        return terms;
    }

private:
    Sample count(const std::string& metric, const std::string& detail = "") const {
        return load_.counted(cell_, {metric, detail});
    }

    // Bytes through the socket by BPF, by the ledger where BPF was absent.
    Sample crossed(const std::string& detail, const std::string& ledger_metric) const {
        const Sample kernel = count("kernel_copied_bytes", detail);
        const Sample ledger = load_.per_request(cell_, Source::ledger, {ledger_metric, ""});
        return kernel.present() || !ledger.present() ? kernel : ledger;
    }

    static Term term(std::string name, Expense expense, const Sample& count, const Price& unit, std::string size = "") {
        return {std::move(name), expense, count, std::move(size), unit, cost_of(count, unit)};
    }

    Price price_at(const std::string& subject, const Sample& size) const {
        return size.median().transform([&](const Estimate& bytes) { return prices_.price_at(subject, bytes.value); });
    }

    Price beyond_crossing(const std::string& name) const { return prices_.price(name) - crossing_; }

    Term epoll_wait() const {
        const Sample calls = count("syscalls", "epoll_wait");
        const Sample events = count("wait_events") / calls;
        const Price per_event = prices_.slope("epoll_wait");
        const Price unit = events.median().transform(
            [&](const Estimate& number) { return prices_.intercept("epoll_wait") + per_event * number - crossing_; });
        const std::string size = events.present() ? fmt::format("{:.3g} events", events.estimate().value) : "";
        return term("epoll_wait", Expense::system_calls, calls, unit, size);
    }

    // Every byte that crossed the socket, over the operations that moved them, by either interface.
    void add_sockets(std::vector<Term>& terms) const {
        const Sample receives = count("syscalls", "recvfrom") - count("syscalls_eagain", "recvfrom");
        const Sample ring_receives = count("cqes", "recv");
        const Sample sends = count("syscalls", "sendto") - count("syscalls_eagain", "sendto");
        const Sample messages = count("syscalls", "sendmsg") - count("syscalls_eagain", "sendmsg");
        const Sample ring_sends =
            count("sqes", "send") + count("sqes", "sendmsg") + count("sqes", "send_zc") + count("sqes", "sendmsg_zc");
        const Sample received_bytes = crossed("received", "received_bytes") / (receives + ring_receives);
        const Sample sent_bytes = crossed("sent", "sent_bytes") / (sends + messages + ring_sends);
        terms.push_back(socket("recvfrom", receives, received_bytes, "loopback_receive"));
        terms.push_back(socket("sendto", sends, sent_bytes, "loopback_send"));
        const bool own_price = prices_.holds("loopback_sendmsg");
        terms.push_back(socket("sendmsg", messages, sent_bytes, own_price ? "loopback_sendmsg" : "loopback_send"));
        terms.push_back(ring_socket("io_uring recv", ring_receives, received_bytes, "loopback_receive"));
        terms.push_back(ring_socket("io_uring send", ring_sends, sent_bytes, "loopback_send"));
    }

    Term socket(const std::string& name, const Sample& count, const Sample& bytes, const std::string& subject) const {
        if (!bytes.present()) return term(name, Expense::socket, count, Price(Absent{bytes.reason()}));
        const double size = bytes.estimate().value;
        return term(name, Expense::socket, count, prices_.price_at(subject, size) - crossing_, bytes_text(size));
    }

    // By io_uring's own calibration where there is one, less what queue and enter take in it; else as the plain call without
    // its crossing.
    Term ring_socket(const std::string& name, const Sample& count, const Sample& bytes, const std::string& subject) const {
        if (!bytes.present() || !prices_.holds("uring_" + subject)) return socket(name, count, bytes, subject);
        const double size = bytes.estimate().value;
        const Price queue =
            prices_.slope("uring_enter_nops") * calibrated_pairs + prices_.intercept("uring_enter_nops") * (1 / calibrated_batch);
        return term(name, Expense::socket, count, prices_.price_at("uring_" + subject, size) - queue, bytes_text(size));
    }

    // Part by part, each at its own mean size; the price shown is at the mean of all.
    Term by_size(const std::string& name, Expense expense, const std::string& subject, const std::string& metric,
                 const std::string& bytes_metric) const {
        const Sample total = count(metric);
        const Sample mean = count(bytes_metric) / total;
        const Price unit = price_at(subject, mean);
        Term result = term(name, expense, total, unit, mean.present() ? "mean " + bytes_text(mean.estimate().value) : "");
        const std::optional<Source> teller = load_.teller(cell_, metric);
        if (!result.cost.present() || !teller || teller != load_.teller(cell_, bytes_metric)) return result;
        const auto parts = load_.parts(cell_, *teller, metric);
        if (parts.empty()) return result;
        Price sum(nothing);
        for (const std::string& part : parts) {
            const Sample number = load_.per_request(cell_, *teller, {metric, part});
            const Sample size = load_.per_request(cell_, *teller, {bytes_metric, part}) / number;
            if (number.present() && number.estimate().value == 0) continue;
            sum = sum + cost_of(number, price_at(subject, size));
        }
        result.cost = sum;
        return result;
    }

    const LoadMeasurements& load_;
    const Prices& prices_;
    const CellKey& cell_;
    Price crossing_;
};

}  // namespace

std::string_view name_of(Expense expense) {
    constexpr std::array<std::string_view, expense_count> names{"system calls", "queue operations", "socket", "allocations",
                                                                "copies"};
    return names[static_cast<std::size_t>(expense)];
}

Price Attribution::of(Expense expense) const {
    Price total(nothing);
    for (const Term& term : terms) {
        if (term.expense == expense) total = total + term.cost;
    }
    return total;
}

Attribution attribute(const LoadMeasurements& load, const Prices& prices, const CellKey& timed) {
    const CellKey counted = with_variant(timed, timed.variant, Build::counted);
    Attribution result{timed,         Account(load, prices, counted).terms(), load.cpu_ns(timed), Price(nothing), Price(nothing),
                       Price(nothing)};
    for (const Term& term : result.terms) result.sum = result.sum + term.cost;
    const Price measured = result.measured.median();
    result.residual = measured - result.sum;
    result.explained = result.sum / measured;
    return result;
}

std::vector<CellKey> attributable(const LoadMeasurements& load) {
    std::vector<CellKey> cells;
    for (const CellKey& cell : load.cells()) {
        if (cell.build == Build::timed && load.holds(with_variant(cell, cell.variant, Build::counted))) cells.push_back(cell);
    }
    return cells;
}

}  // namespace tare
