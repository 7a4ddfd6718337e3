// SPDX-License-Identifier: Apache-2.0
// The folder of a run while it is written: hidden, and nobody else's, so that several processes may write to one results folder.
#pragma once

#include <filesystem>
#include <string>

#include "core/owned_fd.h"

namespace tare {

class NewRun {
public:
    // Claims an id that no run in `results` has or will get: suite and time, "overhead-analysis-20260108T101530Z". Removes what
    // killed processes of this user left unpublished more than an hour ago. Throws run_failed.
    NewRun(std::filesystem::path results, const std::string& suite);
    // Removes the folder unless it was published.
    ~NewRun();
    NewRun(const NewRun&) = delete;
    NewRun& operator=(const NewRun&) = delete;

    const std::string& id() const { return id_; }
    // Where its files go until then.
    const std::filesystem::path& folder() const { return folder_; }

    // Gives the folder its name, `results/<id>`, and returns that. Throws run_failed.
    std::filesystem::path publish();

private:
    std::filesystem::path results_;
    std::string id_;
    std::filesystem::path folder_;
    OwnedFd lock_;
    bool is_published_ = false;
};

}  // namespace tare
