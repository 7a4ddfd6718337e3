/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The map of a tree's processes, which process_tree.bpf.c keeps and the programs of the same run share, and the notes of code
 * that probes/attach/process_tree.cc takes from it. */
#pragma once

/* The value of a process in the map. */
enum target_place { tree_child, tree_root };
/* And in that of those that have ended, when the kernel has let go of it. */
enum { tree_gone = 2 };

/* Of a tree that runs already. */
enum { roots_max = 64 };

/* Files that came to be run in such a tree. Noted once until user space takes the note away. */
enum { code_mapped, code_executed, code_found }; /* found: what a process has when the tree begins */
struct code_note {
    unsigned long long inode; /* 0 where it cannot be told */
    unsigned int tgid;
    unsigned int kind;
};
enum { code_name_bytes = 48 };
struct code_name {
    char text[code_name_bytes]; /* the last part of the path */
};
