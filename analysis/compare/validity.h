// SPDX-License-Identifier: Apache-2.0
// Whether the windows behind a figure can be relied on: their marks and their absences, for every format that carries figures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/compare/judge.h"

namespace tare::compare {

// Each mark that concerns this quantity, and in how many of the windows it stands.
std::map<std::string, std::size_t> marks_in(const Windows& windows);
// How many windows have any.
std::size_t marked_count(const Windows& windows);
// "steal in 1 of 6 windows"; empty where nothing is marked.
std::string marks_text(const Windows& windows);
// Of both sides: "base: steal in 1 of 6 windows; head: client_bound in 6 of 6 windows".
std::string marks_text(const Row& row);

// The row's notes, and its marks where no note has left the marked windows out and says so.
std::vector<std::string> notes_with_marks(const Judged& judged);

std::size_t absent_count(const Windows& windows);
// "not in this run", "absent: REASON", "absent in 2 of 6 windows: REASON"; empty where every window was measured.
std::string absence_text(const Windows& windows);

}  // namespace tare::compare
