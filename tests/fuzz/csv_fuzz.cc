// SPDX-License-Identifier: Apache-2.0
// CSV: a file is read or refused, and what was read is the same once it has been written again.
#include "run/csv.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    fuzz::refuses_only_by({ExitCode::data_refused}, [&] {
        const std::vector<CsvRow> rows = parse_csv(fuzz::text_of(data, size_bytes), "fuzz.csv");
        std::string again;
        for (const CsvRow& row : rows) again += csv_line(row.fields);
        const std::vector<CsvRow> second = parse_csv(again, "fuzz.csv");
        fuzz::require(second.size() == rows.size(), "as many rows");
        for (std::size_t row = 0; row < rows.size(); ++row)
            fuzz::require(second[row].fields == rows[row].fields, "the same fields");
    });
    return 0;
}
