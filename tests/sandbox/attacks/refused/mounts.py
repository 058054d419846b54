"""Change what stands in the file system."""

import ctypes

libc = ctypes.CDLL(None)
tries = {
    "mount": libc.mount(b"none", b"/proc", b"proc", 0, None),
    "bind": libc.mount(b"/", b".", None, 0x1000, None),
    "umount": libc.umount2(b"/proc", 2),
    "chroot": libc.chroot(b"/usr"),
    "pivot_root": libc.syscall(155, b"/", b"/"),
    "open_tree": libc.syscall(428, -100, b"/", 1),
    "fsopen": libc.syscall(430, b"tmpfs", 0),
}
for name, result in tries.items():
    if result >= 0:
        escaped(name)
