"""Make device files, pipes and sockets with names."""

import os
import stat

for kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK):
    try:
        os.mknod("node", kind | 0o666, os.makedev(1, 1))
        escaped(f"made {oct(kind)}")
    except OSError as refusal:
        print(refusal)
