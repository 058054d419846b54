"""Reach parts of the kernel that are rarely tested."""

import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
space = ctypes.create_string_buffer(512)
calls = {
    "io_uring_setup": (425, 4, space),
    "bpf": (321, 5, space, 72),
    "userfaultfd": (323, 1),
    "perf_event_open": (298, space, 0, -1, -1, 0),
    "keyctl": (250, 0, -3, 1),
    "memfd_secret": (447, 0),
    "add_key": (248, b"user", b"k", b"v", 1, -2),
    "fanotify_init": (300, 0, 0),
    "inotify_init1": (294, 0),
    "timerfd_create": (283, 1, 0),
    "eventfd2": (290, 0, 0),
    "epoll_create1": (291, 0),
    "modify_ldt": (154, 0, space, 99),
    "landlock": (444, None, 0, 1),
    "seccomp": (317, 2, 0, 0x7FFF0000),
    "kcmp": (312, 1, 1, 0, 0, 0),
    "syslog": (103, 10, 0, 0),
    "swapon": (167, b"/x", 0),
    "acct": (163, None),
    "mbind": (237, 0, 0, 0, 0, 0, 0),
    "move_pages": (279, 0, 0, 0, 0, 0, 0),
    "pidfd_open": (434, 1, 0),
    "mlockall": (151, 1),
    "vmsplice": (278, 1, 0, 0, 0),
    "splice": (275, 0, 0, 1, 0, 1, 0),
    "sendfile": (40, 1, 0, 0, 1),
    "utimensat": (280, -100, b".", None, 0),
    "setxattr": (188, b".", b"user.x", b"y", 1, 0),
    "ioprio_set": (251, 1, 0, 0),
    "quotactl": (179, 0, 0, 0, 0),
    "clock_settime": (227, 0, space),
    "sethostname": (170, b"x", 1),
    "init_module": (175, space, 9, b""),
    "name_to_handle_at": (303, -100, b".", space, space, 0),
    "timer_create": (222, 0, 0, space),
    "map_shadow_stack": (453, 0, 4096, 0),
}
for name, (number, *arguments) in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(number, *arguments)
    if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
        escaped(f"{name} reached the kernel: {errno.errorcode.get(ctypes.get_errno())}")
