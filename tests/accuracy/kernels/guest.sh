#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first process of a booted kernel: runs what is judged, step by step, each with a limit, and leaves what it said in /run/out.
# PARTS says which steps; SOURCE and BUILD are the folders of the built tree.
. /run/out/settings
b=/run/busybox
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LANG=C.UTF-8 TARE_BUILD="$BUILD" PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH="$SOURCE/tests/system" GTEST_COLOR=no

# Nothing of the root can be written to. Where the tree is below /tmp, it must stay to be seen there.
$b mkdir /run/host /dev/shm /dev/pts
$b mount --bind / /run/host
$b mount -t tmpfs tmp /tmp
$b mount -t tmpfs shm /dev/shm
$b mount -t devpts pts /dev/pts
for path in "$SOURCE" "$BUILD"; do
    [ -d "$path" ] || { $b mkdir -p "$path" && $b mount --bind "/run/host$path" "$path"; }
done
$b ip link set lo up
$b sysctl -q -w kernel.printk='1 1 1 1'
STAT_TESTS='Stat.test_text_says_what_was_counted_and_what_copies_are Stat.test_csv_has_the_columns_of_observations
    Stat.test_threads_have_names_and_calls Stat.test_a_program_that_copies_a_probed_function_goes_on
    Stat.test_io_uring_of_a_command Stat.test_without_privilege_bpf_alone_refuses_before_it_runs'
ulimit -Hn 1048576
ulimit -Sn 1024
cd "$SOURCE" || $b poweroff -f

# step NAME LIMIT_S COMMAND...: its output goes to NAME.out and NAME.err, its exit code and time to `steps`.
step() {
    name=$1 limit_s=$2 begin=$($b date +%s)
    shift 2
    $b timeout -k 5 "$limit_s" "$@" > "/run/out/$name.out" 2> "/run/out/$name.err"
    code=$?
    echo "$name $code $(($($b date +%s) - begin))" >> /run/out/steps
    echo "$name: exit code $code"
}
load_later() { for module in $($b cat /run/modules/later); do $b insmod "/run/modules/$module"; done; }

uname -r > /run/out/release
for part in $PARTS; do
    case $part in
        doctor) step doctor 120 "$BUILD/tare" doctor ;;
        # A kernel whose module has not been loaded, which only this case can do without.
        no_module) step no_module 120 "$BUILD/tare" run "$SOURCE/tests/accuracy/kernels/no_reply.toml" --out /run/results/no_module ;;
        module) load_later ;;
        probes) step probes 300 "$BUILD/tare-probes-tests" --gtest_filter='*Counters*' --gtest_output=json:/run/out/probes.json ;;
        # Every probe's line, an absent one's reason, uprobes, threads, queues and rights; the rest of the file asks nothing of a kernel.
        # shellcheck disable=SC2086 # one word a test
        stat) step stat 300 /usr/bin/python3 "$SOURCE/tests/accuracy/external/stat_test.py" $STAT_TESTS ;;
        overhead-analysis) step overhead-analysis 300 "$BUILD/tare" run overhead-analysis --only '/as_described counted .* 16 64$' --out /run/results/overhead-analysis ;;
        wirings) step wirings 300 "$BUILD/tare" run ladders --only '^uring/[a-z_]+/gathered_reply counted get_hit 16 64$' --out /run/results/wirings ;;
        # Of a kernel that is too old: each says so, and does nothing else.
        refused_*)
            case $part in
                refused_stat) set -- stat -- "$b" touch /tmp/ran ;;
                refused_attach) set -- attach --pid 1 --duration 1 ;;
                refused_run) set -- run overhead-analysis --out /run/results/refused ;;
                refused_doctor) set -- doctor ;;
            esac
            step "$part" 120 "$BUILD/tare" "$@"
            ;;
        closes) step closes 120 /usr/bin/python3 "$SOURCE/tests/accuracy/kernels/closes.py" ;;
        report)
            step report 14400 "$BUILD/tare" run report --out /run/results/report
            step report_written 1200 "$BUILD/tare" report /run/results/report/latest
            ;;
        # What BPF needs and no more. By its path: busybox has a setpriv of its own.
        capabilities) step capabilities 120 /usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups \
            --inh-caps=+bpf,+perfmon,+sys_ptrace --ambient-caps=+bpf,+perfmon,+sys_ptrace "$BUILD/tare" doctor ;;
    esac
done
for folder in /run/results/*/latest; do
    [ -d "$folder" ] || continue
    name=${folder#/run/results/}
    $b cp -r "$($b readlink -f "$folder")" "/run/out/run-${name%/latest}"
done
$b touch /run/out/done
$b sync
$b poweroff -f
