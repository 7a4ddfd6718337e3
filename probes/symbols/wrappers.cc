// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/wrappers.h"

#include <algorithm>
#include <array>

namespace tare {
namespace {

constexpr std::array<std::string_view, 9> libraries{"libc.so",    "libc-",       "ld-",     "libstdc++", "libc++",
                                                    "libpthread", "liburing.so", "libstd-", "libgo.so"};
constexpr std::array<std::string_view, 3> header_folders{"/usr/include/", "/usr/lib/gcc/", "/usr/lib/llvm-"};
constexpr std::array<std::string_view, 9> scopes{
    "std::", "__gnu_cxx::", "operator new", "operator delete", "void* std::", "__libc_", "__rust_", "__rdl_", "__rg_"};
constexpr std::array<std::string_view, 9> families{"malloc",   "calloc", "realloc", "aligned_alloc", "posix_memalign",
                                                   "memalign", "memcpy", "memmove", "mempcpy"};

constexpr std::array<std::string_view, 6> rust_crates{
    "alloc::", "core::", "std::", "hashbrown::", "compiler_builtins::", "__rustc::"};
// Where the sources of Rust's standard library were when it was built: rustc's own builds, and the distributions'.
constexpr std::string_view rust_build_folder = "/rustc/";
constexpr std::array<std::string_view, 4> rust_source_folders{"/library/alloc/src/", "/library/core/src/", "/library/std/src/",
                                                              "/hashbrown-"};

// The first parts of the paths of Go's own packages; a program's begin with `main` or the name of a module.
constexpr std::array<std::string_view, 52> go_packages{
    "archive",  "bufio",   "bytes",   "cmp",    "compress", "container", "context", "crypto", "database", "debug",   "embed",
    "encoding", "errors",  "expvar",  "flag",   "fmt",      "go",        "hash",    "html",   "image",    "index",   "internal",
    "io",       "iter",    "log",     "maps",   "math",     "mime",      "net",     "os",     "path",     "plugin",  "reflect",
    "regexp",   "runtime", "slices",  "sort",   "strconv",  "strings",   "structs", "sync",   "syscall",  "testing", "text",
    "time",     "type",    "unicode", "unique", "unsafe",   "vendor",    "weak",    "_cgo"};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool begins_with_any(std::string_view text, const auto& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view each) { return text.starts_with(each); });
}

bool names(std::string_view given, std::string_view name) {
    if (!name.starts_with(given)) return false;
    const std::string_view rest = name.substr(given.size());
    return rest.empty() || rest.front() == '(' || rest.front() == '<' || rest.starts_with("::");
}

// A type or trait of Rust, without what is said of it before its path: "&mut [alloc::vec::Vec<T>]".
std::string_view path_of(std::string_view type) {
    for (bool is_before = true; is_before;) {
        is_before = false;
        for (const std::string_view each : {"&", "mut ", "*", "const ", "[", "(", "<", "dyn "}) {
            if (!type.starts_with(each)) continue;
            type.remove_prefix(each.size());
            is_before = true;
        }
    }
    return type;
}

// C++ has namespaces of these names as well; of a function its symbols say the arguments, which Rust's never do.
bool says_arguments(std::string_view name) {
    int depth = 0;
    for (std::size_t index = 0; index < name.size(); ++index) {
        if (name[index] == '(' && depth == 0) return true;
        if (name[index] == '<') ++depth;
        if (name[index] == '>' && index > 0 && name[index - 1] != '-') --depth;
    }
    return false;
}

// "<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop": of the library where the trait is, and the type is or has no path; and
// what implements the trait of allocators passes on whosever it is.
bool is_rust_library(std::string_view name) {
    if (!name.starts_with('<')) return begins_with_any(name, rust_crates) && !says_arguments(name);
    int depth = 0;
    std::size_t as = std::string_view::npos;
    for (std::size_t index = 0; index < name.size(); ++index) {
        if (name[index] == '<') ++depth;
        if (name[index] == '>' && name[index - 1] != '-' && --depth == 0) break;
        if (depth == 1 && name.substr(index).starts_with(" as ")) as = index;
    }
    const std::string_view type = path_of(name.substr(1, as == std::string_view::npos ? as : as - 1));
    if (as == std::string_view::npos) return begins_with_any(type, rust_crates);
    const std::string_view trait = path_of(name.substr(as + 4));
    if (trait.starts_with("core::alloc::")) return true;
    const bool has_path = type.substr(0, type.find_first_of("<> ,;)]")).find("::") != std::string_view::npos;
    return begins_with_any(trait, rust_crates) && (!has_path || begins_with_any(type, rust_crates));
}

// "runtime.mallocgc", "encoding/json.Marshal", "os.(*File).Read".
bool is_go_library(std::string_view name) {
    const std::size_t end = name.find_first_of("./");
    if (end == std::string_view::npos || name.find("::") != std::string_view::npos) return false;
    return std::find(go_packages.begin(), go_packages.end(), name.substr(0, end)) != go_packages.end();
}

bool is_library_source(std::string_view file) {
    return begins_with_any(file, header_folders) || file.starts_with(rust_build_folder) ||
           std::any_of(rust_source_folders.begin(), rust_source_folders.end(),
                       [&](std::string_view folder) { return file.find(folder) != std::string_view::npos; });
}

}  // namespace

std::string_view without_clone(std::string_view function) {
    for (const std::string_view suffix : {".part.", ".constprop.", ".isra.", ".lto_priv.", ".llvm.", ".cold"}) {
        const std::size_t place = function.find(suffix);
        if (place == std::string_view::npos) continue;
        const std::string_view rest = function.substr(place + suffix.size());
        const bool is_number = !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
        if (suffix.back() == '.' ? is_number : rest.empty() || rest.front() == '.') function = function.substr(0, place);
    }
    return function;
}

std::string_view without_return_type(std::string_view function) {
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t index = 0; index < function.size() && function[index] != '('; ++index) {
        if (function[index] == '<') ++depth;
        if (function[index] == '>' && index > 0 && function[index - 1] != '-') --depth;
        if (function[index] == ' ' && depth == 0 && !function.substr(begin).starts_with("operator")) begin = index + 1;
    }
    return function.substr(begin);
}

bool is_wrapper(const Frame& frame, std::string_view called_module, const std::vector<std::string>& wrappers) {
    const bool is_library = frame.module == called_module || begins_with_any(base_name(frame.module), libraries);
    if (!frame.is_program && is_library) return true;
    const std::string_view name = without_clone(without_return_type(frame.function));
    const auto is_named = [&](std::string_view given) { return names(given, name); };
    return is_library_source(frame.file) || begins_with_any(name, scopes) || is_rust_library(name) || is_go_library(name) ||
           std::any_of(families.begin(), families.end(), is_named) || std::any_of(wrappers.begin(), wrappers.end(), is_named);
}

}  // namespace tare
