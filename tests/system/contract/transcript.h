// SPDX-License-Identifier: Apache-2.0
// The table of docs/protocol.md as one conversation: every command, every error and what each leaves behind.
#pragma once

#include <string>

namespace tare {

// A set of this value.
inline std::string set_request(const std::string& key, const std::string& value, const std::string& more = "") {
    return "set " + key + " 0 0 " + std::to_string(value.size()) + more + "\r\n" + value + "\r\n";
}

// Its keys begin with `prefix`, whose length is always the same, so that a second run of it finds nothing of the first.
// It does not end the connection.
inline std::string transcript(const std::string& prefix) {
    const std::string key = prefix + "k";
    const std::string key_250 = prefix + std::string(250 - prefix.size(), 'l');
    const std::string key_251 = key_250 + "l";
    const std::string get = "get " + key + "\r\n";
    // First, because memcached throws away the replies that wait before this one.
    std::string all = "get " + key + " " + key_251 + "\r\n";
    // Commands
    all += get + "set " + key + " 4294967295 0 3\r\nabc\r\n" + get;
    all += set_request(prefix + "e", "") + set_request(prefix + "l", "\r\n\r\n") + set_request(prefix + "c", get + "END\r\n");
    all += "get " + prefix + "e " + prefix + "none " + prefix + "l " + prefix + "c " + key + "\r\n";
    all += "  get  " + key + "  " + key + " \r\n" + "get " + key + "\n";
    all += set_request(key_250, "long key") + "get " + key_250 + "\r\n";
    all += set_request(prefix + "n", "unheard", " noreply") + "get " + prefix + "n\r\n" + set_request(key, "abc", " other");
    all += "set " + prefix + "x 0 -1 1\r\nv\r\nget " + prefix + "x\r\n" + "version\r\nversion x\r\n";
    all += "delete " + prefix + "n noreply\r\nget " + prefix + "n\r\ndelete " + prefix + "n\r\ndelete " + prefix + "e\r\n";
    all += "delete " + prefix + "l 0\r\ndelete " + prefix + "l 0 noreply\r\nget " + prefix + "e " + prefix + "l\r\n";
    // Errors
    all +=
        "\r\n\n" + prefix + "\r\nGET " + key + "\r\nget\r\nget \r\ndelete\r\ndelete a b c d e\r\nset\r\nset " + key + " 0 0\r\n";
    all += "set " + key + " 0 0 1 noreply more\r\n" + "delete " + key_251 + "\r\n";
    all += "set " + key_251 + " 0 0 5\r\n" + get + "set " + key_251 + " 0 0 5 noreply\r\n" + get;
    for (const char* const numbers : {"0 0 -1", "0 0 abc", "0 0 2147483647", "abc 0 1", "-1 0 1", "0 abc 1", "0 0 noreply"})
        all += "set " + key + " " + numbers + "\r\n";
    all += "set " + key + " abc 0 1 noreply\r\n" + get;
    all += "set " + key + " 0 0 3\r\nlonger\r\n" + get + "set " + key + " 0 0 9\r\nshort\r\n" + get;
    all += "set " + key + " 0 0 1 noreply\r\nlonger\r\n" + get;
    for (const char* const words : {"10", "bogus", "10 noreply", "noreply 0", "noreply noreply", "0 0"})
        all += "delete " + key + " " + words + "\r\n";
    all += "delete " + key_251 + " 10\r\n" + get;
    return all;
}

}  // namespace tare
