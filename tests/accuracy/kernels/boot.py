# SPDX-License-Identifier: Apache-2.0
"""Boots a kernel in QEMU by software emulation, on this machine's own files: its root is the guest's, read-only by 9p, so what was
built here runs there with its libraries, and nothing here can be changed from there but one folder for what the guest tells."""
import pathlib
import shlex
import shutil
import signal
import subprocess

# What the guest's root hangs on; and what a Debian system loads by itself when a program asks which sockets there are.
ROOT_MODULES = ("virtio_pci", "9pnet_virtio", "9p")
LATER_MODULES = ("tcp_diag",)
MODULE_FILES = ("*/drivers/virtio/*", "*/net/9p/*", "*/fs/9p/*", "*/fs/netfs/*", "*/fs/fscache/*", "*/net/ipv4/inet_diag.ko*",
                "*/net/ipv4/tcp_diag.ko*", "*/modules.builtin*", "*/modules.order")
UNPACK = {".xz": ["xz", "-dc"], ".zst": ["zstd", "-qdc"], ".ko": ["cat"]}

# Runs from the initramfs: loads what the root hangs on, and goes there.
INIT = """#!/bin/busybox sh
busybox() { /bin/busybox "$@"; }
busybox mount -t devtmpfs dev /dev
exec > /dev/ttyS0 2>&1 < /dev/null
for module in $(busybox cat /modules/root); do busybox insmod /modules/$module || echo "insmod $module failed"; done
busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /host || busybox poweroff -f
busybox mount --move /dev /host/dev
busybox mount -t proc proc /host/proc
busybox mount -t sysfs sys /host/sys
busybox mount -t tmpfs run /host/run
busybox mkdir /host/run/modules /host/run/out
busybox cp -a /modules/. /host/run/modules/
busybox cp /bin/busybox /host/run/busybox
busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /host/run/out
exec busybox switch_root /host /bin/sh GUEST
"""


class DidNotEnd(Exception):
    """The guest was still running at its limit, or stopped without a word."""


def unpack(packages, folder):
    """The kernel's image and the modules of it that are wanted, once into `folder`; returns the image."""
    whole = folder / "whole"
    if not whole.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        unpack_now(packages, folder)
        whole.touch()
    images = [path for path in folder.rglob("vmlinuz*") if path.is_file() and not path.is_symlink()]
    assert len(images) == 1, f"{len(images)} kernels in {packages}"
    return images[0]


def unpack_now(packages, folder):
    for package in packages:
        tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
        # A package has some of these, and tar complains of those that it has not.
        subprocess.run(["tar", "-C", folder, "-x", "--wildcards", "*vmlinuz*", *MODULE_FILES], stdin=tar.stdout,
                       stderr=subprocess.DEVNULL, check=False)
        tar.stdout.close()
        tar.wait()


def modules(folder, names):
    """The files of these modules and of what they need, in the order in which they are loaded."""
    base = next(path for path in (folder / "usr/lib/modules", folder / "lib/modules") if path.is_dir())
    version = next(base.iterdir()).name
    root = base.parent.parent
    subprocess.run(["/sbin/depmod", "-b", root, version], stderr=subprocess.DEVNULL, check=True)
    order = []
    for name in names:
        shown = subprocess.run(["/sbin/modprobe", "-d", root, "-S", version, "--show-depends", name], capture_output=True, text=True,
                               check=True).stdout
        order += [pathlib.Path(line.split()[1]) for line in shown.splitlines() if line.startswith("insmod ")]
    return list(dict.fromkeys(order))


def initramfs(unpacked, folder, guest):
    """The archive that the kernel starts from, made in `folder` of the modules in `unpacked`."""
    root = folder / "initramfs"
    for part in ("bin", "dev", "modules", "host"):
        (root / part).mkdir(parents=True, exist_ok=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    for listed, names in (("root", ROOT_MODULES), ("later", LATER_MODULES)):
        files = modules(unpacked, names)
        for file in files:
            with open(root / "modules" / file.stem.removesuffix(".ko"), "wb") as plain:
                subprocess.run([*UNPACK[file.suffix], file], stdout=plain, check=True)
        (root / "modules" / listed).write_text("\n".join(file.stem.removesuffix(".ko") for file in files) + "\n", encoding="ascii")
    init = root / "init"
    init.write_text(INIT.replace("GUEST", str(guest)), encoding="ascii")
    init.chmod(0o755)
    archive = folder / "initramfs.cpio"
    with open(archive, "wb") as file:
        listing = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=root, input=listing, stdout=file, check=True)
    return archive


def command(image, archive, out, memory_mib):
    """One emulator thread: with more, code that a kernel patches while it runs is not always seen whole (an Oops, int3). The clock
    is one that programs read without a system call, as on a real machine."""
    return ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", str(memory_mib),
            "-no-reboot", "-nodefaults", "-display", "none", "-serial", f"file:{out}/console", "-kernel", str(image), "-initrd", str(archive),
            "-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap",
            "-virtfs", f"local,path={out},mount_tag=out,security_model=none",
            "-append", "console=ttyS0 quiet panic=-1 tsc=reliable"]


def boot(packages, guest, settings, out, limit_s, memory_mib=2048):
    """Runs the script `guest` as the first process of the kernel of `packages`. It finds `settings` as shell variables in
    /run/out/settings; what it writes to /run/out is in the folder `out` then, with the console. Raises DidNotEnd."""
    shutil.rmtree(out, ignore_errors=True)
    work = out / "boot"
    work.mkdir(parents=True)
    (out / "settings").write_text("".join(f"{name}={shlex.quote(str(value))}\n" for name, value in settings.items()), encoding="utf-8")
    unpacked = packages[0].parent / "unpacked"
    image = unpack(packages, unpacked)
    archive = initramfs(unpacked, work, guest)
    emulator = subprocess.Popen(command(image, archive, out, memory_mib), stdin=subprocess.DEVNULL)
    try:
        emulator.wait(limit_s)
    except subprocess.TimeoutExpired:
        raise DidNotEnd(f"not within {limit_s} s; {last_words(out)}") from None
    finally:
        if emulator.poll() is None:
            emulator.send_signal(signal.SIGKILL)
            emulator.wait()
        shutil.rmtree(work)
    if not (out / "done").exists():
        raise DidNotEnd(f"it stopped before its end; {last_words(out)}")


def last_words(out):
    console = out / "console"
    lines = console.read_text(encoding="utf-8", errors="replace").split("\n") if console.exists() else []
    return "its console ends with: " + " / ".join(line.strip() for line in lines if line.strip())[-400:]
