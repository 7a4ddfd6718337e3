/* SPDX-License-Identifier: Apache-2.0 */
/* libtare-preload.so: stands before the C library in every program of a command, and counts the malloc and the memcpy family as
 * the BPF programs do (probes/bpf/families.bpf.h), where BPF is refused. It allocates and copies nothing itself, needs no thread
 * storage, and makes its few system calls by one instruction, by which the tracer tells them from the program's. Calls that the
 * C library makes of its own memcpy family bind to no symbol: they are counted at the words that hold the chosen versions. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "probes/preload/counters.h"

#define EXPORTED __attribute__((visibility("default")))

enum { page_bytes = 4096 };
/* No process has so many bytes of address space on x86-64: a request for more is refused. */
static const size_t address_space_bytes = (size_t)1 << 47;

extern char** __environ;
extern void* __libc_stack_end; /* where the kernel put the number of arguments, and behind them the environment */
extern void* __libc_malloc(size_t size_bytes);
extern void* __libc_calloc(size_t count, size_t size_bytes);
extern void* __libc_realloc(void* block, size_t size_bytes);

static struct {
    void* (*malloc)(size_t);
    void* (*calloc)(size_t, size_t);
    void* (*realloc)(void*, size_t);
    void* (*reallocarray)(void*, size_t, size_t);
    void* (*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void**, size_t, size_t);
    void* (*memalign)(size_t, size_t);
    void* (*valloc)(size_t);
    void* (*pvalloc)(size_t);
    void* (*memcpy)(void*, const void*, size_t);
    void* (*memmove)(void*, const void*, size_t);
    void* (*mempcpy)(void*, const void*, size_t);
    void* (*memset)(void*, int, size_t);
    void* (*memcpy_chk)(void*, const void*, size_t, size_t);
    void* (*memmove_chk)(void*, const void*, size_t, size_t);
    void* (*mempcpy_chk)(void*, const void*, size_t, size_t);
    void* (*memset_chk)(void*, int, size_t, size_t);
} next;

enum { untouched, resolving, ready };
static int stage;
static struct preload_memory* memory; /* null until it counts */

/* By each function the one of its family that counts it: of names at one address the first. */
static unsigned char allocation_counter[allocation_function_count];
static unsigned char copy_counter[copy_function_count];
/* realloc of nothing is a call of malloc in glibc, and reallocarray one of realloc unless its product overflows. */
static int is_glibc_realloc, is_glibc_reallocarray;

/* The only instruction of this library that enters the kernel. */
__attribute__((noinline)) static long enter(long number, long a, long b, long c, long d, long e, long f) {
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    register long sixth __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

static void add(unsigned long long* counter, unsigned long long amount) { __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED); }

static unsigned bucket_of(size_t size_bytes) { return size_bytes == 0 ? 0 : 64 - (unsigned)__builtin_clzll(size_bytes); }

static void count_allocation(unsigned function, size_t size_bytes) {
    struct preload_allocations* const counted = memory ? &memory->allocations : NULL;
    unsigned long long before;

    if (!counted) return;
    if (size_bytes >= address_space_bytes) {
        add(&counted->refused, 1);
        return;
    }
    function = allocation_counter[function];
    add(&counted->calls[function], 1);
    before = __atomic_fetch_add(&counted->requested_bytes[function], size_bytes, __ATOMIC_RELAXED);
    if (before + size_bytes < before) __atomic_store_n(&counted->overflowed, 1, __ATOMIC_RELAXED);
    add(&counted->sizes[bucket_of(size_bytes)], 1);
}

static void count_copy(unsigned function, size_t size_bytes) {
    struct preload_copies* const counted = memory ? &memory->copies : NULL;

    if (!counted) return;
    function = copy_counter[function];
    add(&counted->calls[function], 1);
    add(&counted->moved_bytes[function], size_bytes);
    if (function < copying_function_count) add(&counted->sizes[bucket_of(size_bytes)], 1);
}

static int begins_with(const char* text, const char* begin) {
    for (; *begin; ++begin, ++text) {
        if (*text != *begin) return 0;
    }
    return 1;
}

/* The environment as the kernel gave it; before the C library is initialised its own pointer is null. */
static char** first_environment(void) {
    const long count = *(const long*)__libc_stack_end;
    return (char**)__libc_stack_end + 1 + count + 1;
}

/* What tare put behind the variables of the program: three, of which the first two are the library's own; null where it is not.
 */
static char** added_variables(char** environment) {
    while (*environment && !begins_with(*environment, PRELOAD_VARIABLE)) ++environment;
    return *environment ? environment : NULL;
}

/* The library's file, whose path ends so, among those that are loaded. */
static struct link_map* c_library(void) {
    static const char wanted[] = "/libc.so.6";

    for (struct link_map* file = _r_debug.r_map; file; file = file->l_next) {
        const char* end = file->l_name;
        while (*end) ++end;
        if (end - file->l_name >= (long)sizeof wanted - 1 && begins_with(end - (sizeof wanted - 1), wanted)) return file;
    }
    return NULL;
}

static const Elf64_Phdr* segment_of(const struct link_map* file, unsigned type, uint64_t address) {
    const Elf64_Ehdr* const head = (const Elf64_Ehdr*)file->l_addr;
    const Elf64_Phdr* const segments = (const Elf64_Phdr*)(file->l_addr + head->e_phoff);

    for (unsigned index = 0; index < head->e_phnum; ++index) {
        const uint64_t begin = file->l_addr + segments[index].p_vaddr;
        if (segments[index].p_type == type && address - begin < segments[index].p_memsz) return &segments[index];
    }
    return NULL;
}

static int is_in(const struct link_map* file, const void* code) {
    return file && segment_of(file, PT_LOAD, (uint64_t)code) != NULL;
}

#define RESOLVE(name) next.name = (__typeof__(next.name))dlsym(RTLD_NEXT, #name)
#define RESOLVE_CHECKED(name) next.name##_chk = (__typeof__(next.name##_chk))dlsym(RTLD_NEXT, "__" #name "_chk")

/* All of them are in glibc: a lookup that fails would allocate. */
static void resolve(void) {
    RESOLVE(malloc);
    RESOLVE(calloc);
    RESOLVE(realloc);
    RESOLVE(reallocarray);
    RESOLVE(aligned_alloc);
    RESOLVE(posix_memalign);
    RESOLVE(memalign);
    RESOLVE(valloc);
    RESOLVE(pvalloc);
    RESOLVE(memcpy);
    RESOLVE(memmove);
    RESOLVE(mempcpy);
    RESOLVE(memset);
    RESOLVE_CHECKED(memcpy);
    RESOLVE_CHECKED(memmove);
    RESOLVE_CHECKED(mempcpy);
    RESOLVE_CHECKED(memset);
}

/* Before anything is counted; what it finds it notes for tare to name. */
static void find_aliases(const void* const* places, unsigned count, unsigned char* counters) {
    for (unsigned function = 0; function < count; ++function) {
        counters[function] = (unsigned char)function;
        for (unsigned earlier = 0; earlier < function && places[function]; ++earlier) {
            if (places[earlier] != places[function]) continue;
            counters[function] = (unsigned char)earlier;
            break;
        }
    }
}

static void note_aliases(const unsigned char* counters, unsigned count, unsigned long long* aliases) {
    for (unsigned function = 0; function < count; ++function) {
        if (counters[function] != function) __atomic_fetch_or(&aliases[counters[function]], 1ULL << function, __ATOMIC_RELAXED);
    }
}

static void find_all_aliases(void) {
    const void* allocating[allocation_function_count];
    const void* copying[copy_function_count];

    for (unsigned function = 0; function < allocation_function_count; ++function) allocating[function] = NULL;
    for (unsigned function = 0; function < copy_function_count; ++function) copying[function] = NULL;
    allocating[fn_malloc] = (const void*)next.malloc;
    allocating[fn_calloc] = (const void*)next.calloc;
    allocating[fn_realloc] = (const void*)next.realloc;
    allocating[fn_aligned_alloc] = (const void*)next.aligned_alloc;
    allocating[fn_posix_memalign] = (const void*)next.posix_memalign;
    allocating[fn_memalign] = (const void*)next.memalign;
    allocating[fn_reallocarray] = (const void*)next.reallocarray;
    allocating[fn_valloc] = (const void*)next.valloc;
    allocating[fn_pvalloc] = (const void*)next.pvalloc;
    copying[fn_memcpy] = (const void*)next.memcpy;
    copying[fn_memmove] = (const void*)next.memmove;
    copying[fn_mempcpy] = (const void*)next.mempcpy;
    copying[fn_memset] = (const void*)next.memset;
    find_aliases(allocating, allocation_function_count, allocation_counter);
    find_aliases(copying, copy_function_count, copy_counter);
}

EXPORTED void* memcpy(void* to, const void* from, size_t size_bytes);
EXPORTED void* memmove(void* to, const void* from, size_t size_bytes);
EXPORTED void* mempcpy(void* to, const void* from, size_t size_bytes);
EXPORTED void* memset(void* to, int byte, size_t size_bytes);
EXPORTED void* __memcpy_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes);
EXPORTED void* __memmove_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes);
EXPORTED void* __mempcpy_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes);
EXPORTED void* __memset_chk(void* to, int byte, size_t size_bytes, size_t room_bytes);

/* What stands for a chosen version in the words of the C library; null for any other function. */
static const void* counting(const void* version) {
    if (version == (const void*)next.memcpy) return (const void*)memcpy;
    if (version == (const void*)next.memmove) return (const void*)memmove;
    if (version == (const void*)next.mempcpy) return (const void*)mempcpy;
    if (version == (const void*)next.memset) return (const void*)memset;
    if (version == (const void*)next.memcpy_chk) return (const void*)__memcpy_chk;
    if (version == (const void*)next.memmove_chk) return (const void*)__memmove_chk;
    if (version == (const void*)next.mempcpy_chk) return (const void*)__mempcpy_chk;
    if (version == (const void*)next.memset_chk) return (const void*)__memset_chk;
    return NULL;
}

static void set_word(const struct link_map* file, uint64_t address, const void* value) {
    const long page = (long)(address & ~(uint64_t)(page_bytes - 1));
    const int is_sealed = segment_of(file, PT_GNU_RELRO, address) != NULL;

    if (is_sealed && enter(SYS_mprotect, page, page_bytes, PROT_READ | PROT_WRITE, 0, 0, 0) != 0) return;
    *(const void**)address = value;
    if (is_sealed) enter(SYS_mprotect, page, page_bytes, PROT_READ, 0, 0, 0);
}

static void lead_words(const struct link_map* file, uint64_t begin, uint64_t size_bytes) {
    const Elf64_Rela* const entries = (const Elf64_Rela*)begin;

    for (uint64_t index = 0; index < size_bytes / sizeof *entries; ++index) {
        const uint64_t address = file->l_addr + entries[index].r_offset;
        if (ELF64_R_TYPE(entries[index].r_info) != R_X86_64_IRELATIVE) continue;
        const void* const instead = counting(*(const void**)address);
        if (instead) set_word(file, address, instead);
    }
}

/* The calls that the C library makes of its own. */
static void lead_inner_calls(const struct link_map* file) {
    uint64_t tables[2] = {0, 0}, sizes_bytes[2] = {0, 0};

    for (const Elf64_Dyn* entry = file->l_ld; entry->d_tag != DT_NULL; ++entry) {
        if (entry->d_tag == DT_JMPREL) tables[0] = entry->d_un.d_ptr;
        if (entry->d_tag == DT_PLTRELSZ) sizes_bytes[0] = entry->d_un.d_val;
        if (entry->d_tag == DT_RELA) tables[1] = entry->d_un.d_ptr;
        if (entry->d_tag == DT_RELASZ) sizes_bytes[1] = entry->d_un.d_val;
    }
    for (unsigned table = 0; table < 2; ++table) {
        if (tables[table]) lead_words(file, tables[table], sizes_bytes[table]);
    }
}

static void* mapped(long file, size_t size_bytes, int protection) {
    const long address = file < 0 ? file : enter(SYS_mmap, 0, (long)size_bytes, protection, MAP_SHARED, file, 0);
    if (file >= 0) enter(SYS_close, file, 0, 0, 0, 0, 0);
    return address < 0 && address > -page_bytes ? NULL : (void*)address;
}

/* The tracer knows the library by the first path, and takes from that call's last two arguments which files the functions are in.
 * The memory is mapped last: by then the tracer knows the slots, which it writes and nobody else may. */
static struct preload_memory* shared_memory(void) {
    char** const added = added_variables(first_environment());
    long counters, slots;

    if (!added || !added[1] || !begins_with(added[1], PRELOAD_SLOTS_VARIABLE)) return NULL;
    counters = enter(SYS_openat, AT_FDCWD, (long)(added[0] + sizeof PRELOAD_VARIABLE - 1), O_RDWR | O_CLOEXEC, 0,
                     (long)next.malloc, (long)next.memcpy);
    if (counters < 0) return NULL;
    slots = enter(SYS_openat, AT_FDCWD, (long)(added[1] + sizeof PRELOAD_SLOTS_VARIABLE - 1), O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (!mapped(slots, sizeof(struct preload_slots), PROT_READ)) {
        enter(SYS_close, counters, 0, 0, 0, 0, 0);
        return NULL;
    }
    return mapped(counters, sizeof *memory, PROT_READ | PROT_WRITE);
}

/* At the first call of a function or the library's own initialisation, whatever comes first: there is one thread yet. */
static void begin(void) {
    struct link_map* const library = c_library();
    struct preload_memory* shared;

    stage = resolving;
    resolve();
    find_all_aliases();
    is_glibc_realloc = is_in(library, (const void*)next.realloc);
    is_glibc_reallocarray = is_in(library, (const void*)next.reallocarray);
    shared = shared_memory();
    if (shared) {
        note_aliases(allocation_counter, allocation_function_count, shared->allocations.aliases);
        note_aliases(copy_counter, copy_function_count, shared->copies.aliases);
        if (library) lead_inner_calls(library);
    }
    memory = shared;
    stage = ready;
}

static void demand_begun(void) {
    if (__builtin_expect(stage == untouched, 0)) begin();
}

/* The program's environment ends before what tare added: the library's variables, and a list of libraries that takes the place
 * of an earlier one. */
static void restore_environment(void) {
    char** const added = __environ ? added_variables(__environ) : NULL;

    if (added) *added = NULL;
}

__attribute__((constructor)) static void initialise(void) {
    demand_begun();
    restore_environment();
}

/* A call of one of the functions while they are being resolved is none of the program's. */
EXPORTED void* malloc(size_t size_bytes) {
    demand_begun();
    if (!next.malloc) return __libc_malloc(size_bytes);
    count_allocation(fn_malloc, size_bytes);
    return next.malloc(size_bytes);
}

EXPORTED void* calloc(size_t count, size_t size_bytes) {
    size_t product;
    demand_begun();
    if (!next.calloc) return __libc_calloc(count, size_bytes);
    count_allocation(fn_calloc, __builtin_mul_overflow(count, size_bytes, &product) ? SIZE_MAX : product);
    return next.calloc(count, size_bytes);
}

EXPORTED void* realloc(void* block, size_t size_bytes) {
    uintptr_t before = (uintptr_t)block;
    void* moved;

    demand_begun();
    if (!next.realloc) return __libc_realloc(block, size_bytes);
    count_allocation(!block && is_glibc_realloc ? fn_malloc : fn_realloc, size_bytes);
    moved = next.realloc(block, size_bytes);
    if (memory && block && moved && (uintptr_t)moved != before && size_bytes < address_space_bytes) {
        add(&memory->allocations.moved_calls, 1);
        add(&memory->allocations.moved_bytes, size_bytes);
    }
    return moved;
}

EXPORTED void* reallocarray(void* block, size_t count, size_t size_bytes) {
    size_t product;
    demand_begun();
    if (__builtin_mul_overflow(count, size_bytes, &product)) product = SIZE_MAX;
    if (!is_glibc_reallocarray || product == SIZE_MAX) count_allocation(fn_reallocarray, product);
    return next.reallocarray(block, count, size_bytes);
}

EXPORTED void* aligned_alloc(size_t alignment, size_t size_bytes) {
    demand_begun();
    count_allocation(fn_aligned_alloc, size_bytes);
    return next.aligned_alloc(alignment, size_bytes);
}

EXPORTED int posix_memalign(void** block, size_t alignment, size_t size_bytes) {
    demand_begun();
    count_allocation(fn_posix_memalign, size_bytes);
    return next.posix_memalign(block, alignment, size_bytes);
}

EXPORTED void* memalign(size_t alignment, size_t size_bytes) {
    demand_begun();
    count_allocation(fn_memalign, size_bytes);
    return next.memalign(alignment, size_bytes);
}

EXPORTED void* valloc(size_t size_bytes) {
    demand_begun();
    count_allocation(fn_valloc, size_bytes);
    return next.valloc(size_bytes);
}

EXPORTED void* pvalloc(size_t size_bytes) {
    demand_begun();
    count_allocation(fn_pvalloc, size_bytes);
    return next.pvalloc(size_bytes);
}

/* Neither the library nor what it calls may copy by itself before the next function is known. */
static void* copy_forwards(void* to, const void* from, size_t size_bytes) {
    void* const begin = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size_bytes) : : "memory");
    return begin;
}

static void* fill(void* to, int byte, size_t size_bytes) {
    void* const begin = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(size_bytes) : "a"(byte) : "memory");
    return begin;
}

void* memcpy(void* to, const void* from, size_t size_bytes) {
    demand_begun();
    if (!next.memcpy) return copy_forwards(to, from, size_bytes);
    count_copy(fn_memcpy, size_bytes);
    return next.memcpy(to, from, size_bytes);
}

void* memmove(void* to, const void* from, size_t size_bytes) {
    demand_begun();
    if (!next.memmove) return copy_forwards(to, from, size_bytes);
    count_copy(fn_memmove, size_bytes);
    return next.memmove(to, from, size_bytes);
}

void* mempcpy(void* to, const void* from, size_t size_bytes) {
    demand_begun();
    if (!next.mempcpy) return (char*)copy_forwards(to, from, size_bytes) + size_bytes;
    count_copy(fn_mempcpy, size_bytes);
    return next.mempcpy(to, from, size_bytes);
}
EXPORTED void* __mempcpy(void* to, const void* from, size_t size_bytes) __attribute__((alias("mempcpy")));

void* memset(void* to, int byte, size_t size_bytes) {
    demand_begun();
    if (!next.memset) return fill(to, byte, size_bytes);
    count_copy(fn_memset, size_bytes);
    return next.memset(to, byte, size_bytes);
}

/* The checked ones go on at the entry of an unchecked one, unless the room is too small: then they end the program. */
void* __memcpy_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes) {
    demand_begun();
    if (size_bytes <= room_bytes) count_copy(fn_memcpy, size_bytes);
    return next.memcpy_chk(to, from, size_bytes, room_bytes);
}

void* __memmove_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes) {
    demand_begun();
    if (size_bytes <= room_bytes) count_copy(fn_memmove, size_bytes);
    return next.memmove_chk(to, from, size_bytes, room_bytes);
}

void* __mempcpy_chk(void* to, const void* from, size_t size_bytes, size_t room_bytes) {
    demand_begun();
    if (size_bytes <= room_bytes) count_copy(fn_mempcpy, size_bytes);
    return next.mempcpy_chk(to, from, size_bytes, room_bytes);
}

void* __memset_chk(void* to, int byte, size_t size_bytes, size_t room_bytes) {
    demand_begun();
    if (size_bytes <= room_bytes) count_copy(fn_memset, size_bytes);
    return next.memset_chk(to, byte, size_bytes, room_bytes);
}
