"""Numbers of the system calls that the filter names or confining makes, by processor, from the kernel's public headers."""

from __future__ import annotations


def _table(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in (pair.split("=") for pair in text.split())}


NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": _table(
        """
read=0 write=1 close=3 fstat=5 stat=4 lstat=6 newfstatat=262 statx=332 lseek=8 mmap=9 mprotect=10 munmap=11
mremap=25 madvise=28 brk=12 rt_sigaction=13 rt_sigprocmask=14 rt_sigreturn=15 sigaltstack=131 pread64=17
pwrite64=18 readv=19 writev=20 access=21 faccessat=269 faccessat2=439 poll=7 ppoll=271 select=23
pselect6=270 sched_yield=24 dup=32 dup2=33 dup3=292 pipe=22 pipe2=293 nanosleep=35 clock_nanosleep=230
clock_gettime=228 clock_getres=229 gettimeofday=96 time=201 getpid=39 gettid=186 getppid=110 getuid=102
geteuid=107 getgid=104 getegid=108 getcwd=79 chdir=80 open=2 openat=257 readlink=89 readlinkat=267
getdents64=217 uname=63 sysinfo=99 times=100 getrusage=98 getrlimit=97 futex=202 set_robust_list=273
rseq=334 membarrier=324 sched_getaffinity=204 getcpu=309 getrandom=318 exit=60 exit_group=231
restart_syscall=219 close_range=436 fsync=74 fdatasync=75 fadvise64=221 umask=95 ftruncate=77 truncate=76
mkdir=83 mkdirat=258 rmdir=84 unlink=87 unlinkat=263 rename=82 renameat=264 renameat2=316 clone=56 prctl=157
tgkill=234 prlimit64=302 fcntl=72 ioctl=16 clone3=435 openat2=437 io_uring_setup=425 capset=126
pivot_root=155 mount=165 sethostname=170
landlock_create_ruleset=444 landlock_add_rule=445 landlock_restrict_self=446
"""
    ),
    "aarch64": _table(
        """
read=63 write=64 close=57 fstat=80 newfstatat=79 statx=291 lseek=62 mmap=222 mprotect=226 munmap=215
mremap=216 madvise=233 brk=214 rt_sigaction=134 rt_sigprocmask=135 rt_sigreturn=139 sigaltstack=132
pread64=67 pwrite64=68 readv=65 writev=66 faccessat=48 faccessat2=439 ppoll=73 pselect6=72 sched_yield=124
dup=23 dup3=24 pipe2=59 nanosleep=101 clock_nanosleep=115 clock_gettime=113 clock_getres=114
gettimeofday=169 getpid=172 gettid=178 getppid=173 getuid=174 geteuid=175 getgid=176 getegid=177 getcwd=17
chdir=49 openat=56 readlinkat=78 getdents64=61 uname=160 sysinfo=179 times=153 getrusage=165 getrlimit=163
futex=98 set_robust_list=99 rseq=293 membarrier=283 sched_getaffinity=123 getcpu=168 getrandom=278 exit=93
exit_group=94 restart_syscall=128 close_range=436 fsync=82 fdatasync=83 fadvise64=223 umask=166 ftruncate=46
truncate=45 mkdirat=34 unlinkat=35 renameat=38 renameat2=276 clone=220 prctl=167 tgkill=131 prlimit64=261
fcntl=25 ioctl=29 clone3=435 openat2=437 io_uring_setup=425 capset=91 pivot_root=41 mount=40
sethostname=161 landlock_create_ruleset=444 landlock_add_rule=445 landlock_restrict_self=446
"""
    ),
}
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""How the kernel names the processor to a filter."""
