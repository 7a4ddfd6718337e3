/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts calls of both families and system calls by the stack that they came from. Most programs keep no frame pointers, so
 * nothing is unwound here: a stack is told from others by its words that point into code, and of each that is new a copy is
 * kept, to be unwound when all is over (stack_unwinder.h). A stale word only makes two of one stack. */
#include "shared/call_sites.h"
#include "families.bpf.h"

enum { ranges_steps = 13 }; /* that a search of ranges_max takes */

/* What each kind counted; its sites must add up to this. */
__u64 calls[site_kind_count];
/* Those whose stack found no room; above 0 the sites of the kind have at least what is counted at them. */
__u64 crowded_out[site_kind_count];

/* Each kind has room of its own, so that one that is full takes nothing from the others. */
const volatile __u64 stacks_max[extent_count];
__u64 stacks[site_kind_count][extent_count];

/* Nothing is counted before it is set. */
__u64 counts_now = 0;

/* Where code of the target is mapped, in order; the loader fills the table that is not in use, then switches. */
__u64 range_count[2];
__u64 range_begin[2 * ranges_max];
__u64 range_end[2 * ranges_max];
__u64 table_in_use = 0;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, struct site_key);
    __type(value, struct site_value);
} sites SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct whole_stack);
} whole_snapshots SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct near_stack);
} near_snapshots SEC(".maps");

/* By a search of the sorted ranges. Of its own, so that the verifier follows it once. */
__attribute__((noinline)) int is_code(__u64 word) {
    __u64 table = table_in_use & 1;
    __u64 low = table * ranges_max, high = low + range_count[table];

    for (int step = 0; step < ranges_steps && low < high; ++step) {
        __u64 middle = (low + high) / 2;
        if (middle >= 2 * ranges_max) return 0;
        if (word < range_begin[middle])
            high = middle;
        else if (word >= range_end[middle])
            low = middle + 1;
        else
            return 1;
    }
    return 0;
}

struct scan {
    __u64 address; /* of the first chunk */
    __u64 begin;
    __u64 end;
    __u64 code_begin; /* most words are far from any code, and need no search */
    __u64 code_bytes;
    __u64 hash;
    __u64 near_hash;
};

static __always_inline __u64 mixed(__u64 hash, __u64 word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29);
}

static long scan_chunk(__u32 index, struct scan* scan) {
    __u64 words[chunk_words];
    __u64 address = scan->address + (__u64)index * chunk_bytes;

    if (address >= scan->end) return 1;
    if (bpf_probe_read_user(words, sizeof(words), (void*)address) != 0) return 1;
    for (int place = 0; place < chunk_words; ++place) {
        __u64 at = address + place * sizeof(__u64);
        if (at < scan->begin || at >= scan->end) continue;
        if (words[place] - scan->code_begin >= scan->code_bytes) continue;
        if (is_code(words[place])) scan->hash = mixed(scan->hash, words[place]);
    }
    if (index < near_chunks) scan->near_hash = scan->hash;
    return 0;
}

/* The main thread's stack ends where the program's arguments begin; any other is read until nothing is mapped. */
static __always_inline struct scan scan_of(__u64 stack_pointer, __u64 start_of_stack) {
    struct scan scan = {.address = stack_pointer & ~(__u64)(chunk_bytes - 1), .begin = stack_pointer};
    __u64 window_end = scan.address + whole_chunks * chunk_bytes;
    __u64 first = (table_in_use & 1) * ranges_max, last = first + range_count[table_in_use & 1] - 1;

    scan.code_begin = range_begin[first];
    if (last < 2 * ranges_max) scan.code_bytes = range_end[last] - scan.code_begin;

    scan.end = stack_pointer < start_of_stack && start_of_stack < window_end ? start_of_stack : window_end;
    return scan;
}

/* To `stack`, room for `chunks`; returns the bytes that it has now. */
static __always_inline __u64 copied_stack(__u64* stack, int chunks, const struct scan* scan) {
    __u64 bytes = 0;

    for (int index = 0; index < chunks; ++index) {
        __u64 address = scan->address + index * chunk_bytes;
        if (address >= scan->end) break;
        if (bpf_probe_read_user(&stack[index * chunk_words], chunk_bytes, (void*)address) != 0) break;
        bytes = (index + 1) * chunk_bytes;
    }
    return bytes;
}

static __always_inline void copy_registers(struct stack_head* to, struct pt_regs* regs) {
    to->registers[0] = regs->ax;
    to->registers[1] = regs->dx;
    to->registers[2] = regs->cx;
    to->registers[3] = regs->bx;
    to->registers[4] = regs->si;
    to->registers[5] = regs->di;
    to->registers[6] = regs->bp;
    to->registers[stack_pointer_register] = regs->sp;
    to->registers[8] = regs->r8;
    to->registers[9] = regs->r9;
    to->registers[10] = regs->r10;
    to->registers[11] = regs->r11;
    to->registers[12] = regs->r12;
    to->registers[13] = regs->r13;
    to->registers[14] = regs->r14;
    to->registers[15] = regs->r15;
    to->registers[program_counter_register] = regs->ip;
}

static __always_inline __u32 own_tgid(void) {
    struct bpf_pidns_info info = {};

    if (target_namespace_inode == 0) return bpf_get_current_pid_tgid() >> 32;
    if (bpf_get_ns_current_pid_tgid(target_namespace_device, target_namespace_inode, &info, sizeof(info)) != 0) return 0;
    return info.tgid;
}

static __always_inline __u32 take_snapshot(__u32 extent, __u32 place, const struct scan* scan, struct pt_regs* regs) {
    struct stack_head* head;

    if (extent == extent_near) {
        struct near_stack* near = bpf_map_lookup_elem(&near_snapshots, &place);
        if (!near) return no_snapshot;
        head = &near->head;
        head->stack_bytes = copied_stack(near->words, near_chunks, scan);
    } else {
        struct whole_stack* whole = bpf_map_lookup_elem(&whole_snapshots, &place);
        if (!whole) return no_snapshot;
        head = &whole->head;
        head->stack_bytes = copied_stack(whole->words, whole_chunks, scan);
    }
    head->stack_begin = scan->address;
    copy_registers(head, regs);
    return place;
}

/* The site of this stack by so much of it, made at its first call; 0 where there is no room for one more. */
static __always_inline struct site_value* site_of(__u32 kind, __u32 extent, struct site_key* key, const struct scan* scan,
                                                  struct pt_regs* regs) {
    struct site_value fresh = {.snapshot = no_snapshot};
    struct site_value* known;
    __u64 place;

    key->function |= extent << extent_shift;
    key->stack_hash = extent == extent_near ? scan->near_hash : scan->hash;
    known = bpf_map_lookup_elem(&sites, key);
    if (known) return known;
    if (stacks[kind][extent] >= stacks_max[extent]) return 0;
    fresh.tgid = own_tgid();
    if (bpf_map_update_elem(&sites, key, &fresh, BPF_NOEXIST) != 0) return bpf_map_lookup_elem(&sites, key);
    known = bpf_map_lookup_elem(&sites, key);
    if (!known) return 0;
    place = __sync_fetch_and_add(&stacks[kind][extent], 1);
    /* Another core took the last one meanwhile: its frames stay unknown. */
    if (place < stacks_max[extent]) known->snapshot = take_snapshot(extent, kind * stacks_max[extent] + place, scan, regs);
    return known;
}

static __always_inline void count(__u32 kind, __u32 function, __u64 size_bytes, struct pt_regs* regs) {
    struct task_struct* task = (struct task_struct*)bpf_get_current_task_btf();
    struct site_key key = {.function = kind << kind_shift | function};
    struct scan scan;
    struct site_value* site;

    if (!counts_now) return;
    key.start_of_stack = task->mm->start_stack;
    scan = scan_of(regs->sp, key.start_of_stack);
    scan.hash = scan.near_hash = mixed(mixed(task->mm->start_code, task->mm->end_code), regs->ip);
    bpf_loop(whole_chunks, scan_chunk, &scan, 0);
    add(&calls[kind], 1);
    site = site_of(kind, extent_whole, &key, &scan, regs);
    if (!site) site = site_of(kind, extent_near, &key, &scan, regs);
    if (!site) {
        add(&crowded_out[kind], 1);
        return;
    }
    add(&site->count, 1);
    add(&site->size_bytes, size_bytes);
}

SEC("uprobe")
int on_allocation(struct pt_regs* ctx) {
    struct request request;

    if (is_allocation(bpf_get_attach_cookie(ctx), ctx, &request))
        count(kind_allocation, request.function, request.size_bytes, ctx);
    return 0;
}

SEC("uprobe")
int on_copy(struct pt_regs* ctx) {
    __u64 function, size_bytes;

    if (is_copy(bpf_get_attach_cookie(ctx), ctx, &function, &size_bytes) && function < copying_function_count)
        count(kind_copy, function, size_bytes, ctx);
    return 0;
}

SEC("uprobe")
int on_function(struct pt_regs* ctx) {
    __u64 cookie = bpf_get_attach_cookie(ctx);

    if (is_counted_here(cookie)) count(kind_function, function_of(cookie), 0, ctx);
    return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs* regs, long number) {
    if (!is_target()) return 0;
    if (number < 0 || number >= 1 << kind_shift) {
        add(&lost_events, 1);
        return 0;
    }
    count(kind_system_call, number, 0, regs);
    return 0;
}
