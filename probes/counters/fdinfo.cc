// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/fdinfo.h"

#include <liburing.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/error.h"

namespace tare {
namespace {

// `SqTail:	46` and `CqTail:	46` (io_uring's fdinfo, kernel 5.16 to 6.18).
Measured<std::uint64_t> field_of(const std::string& path, const std::string& field) {
    std::ifstream file(path);
    std::string name;
    while (file >> name) {
        std::uint64_t value = 0;
        if (name == field + ":" && file >> value) return value;
        file.ignore(4096, '\n');
    }
    return Absent{path + " has no " + field};
}

RingTails tails_in(const std::string& path) { return {field_of(path, "SqTail"), field_of(path, "CqTail")}; }

class FdInfo : public Probe {
public:
    explicit FdInfo(pid_t pid) : process_("/proc/" + std::to_string(pid)) {}

    Snapshot read() override {
        const RingTails tails = read_tails();
        return {{{"sqes", ""}, tails.sqes}, {{"cqes", ""}, tails.cqes}};
    }

private:
    RingTails read_tails() const {
        RingTails tails;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(process_ + "/fd", error)) {
            std::error_code gone;
            const std::filesystem::path target = std::filesystem::read_symlink(entry.path(), gone);
            if (gone && gone != std::errc::no_such_file_or_directory) {
                error = gone;
                break;
            }
            if (target != ring_link) continue;
            const RingTails ring = tails_in(process_ + "/fdinfo/" + entry.path().filename().string());
            tails.sqes = tails.sqes + ring.sqes;
            tails.cqes = tails.cqes + ring.cqes;
        }
        if (error) return {Absent{process_ + "/fd: " + error.message()}, Absent{process_ + "/fd: " + error.message()}};
        return tails;
    }

    std::string process_;
};

// Whether the kernel shows the tails of a ring, asked of one of our own. Where this process may have none, it is not known here,
// and the target's own rings tell when they are read.
bool shows_tails() {
    io_uring ring{};
    if (io_uring_queue_init(1, &ring, 0) < 0) return true;
    const bool shown = field_of("/proc/self/fdinfo/" + std::to_string(ring.ring_fd), "SqTail").present();
    io_uring_queue_exit(&ring);
    return shown;
}

}  // namespace

RingTails ring_tails(pid_t pid, int descriptor) {
    return tails_in("/proc/" + std::to_string(pid) + "/fdinfo/" + std::to_string(descriptor));
}

std::unique_ptr<Probe> attach_fdinfo(const Target& target) {
    if (target.tree != nullptr) throw cannot_measure("counts of one process, not of a tree");
    static const bool shown = shows_tails();
    if (!shown) throw cannot_measure("this kernel's fdinfo of an io_uring has no SqTail, which came with Linux 5.16");
    return std::make_unique<FdInfo>(target.pid);
}

}  // namespace tare
