"""Raise one's own limits."""

import resource

for name in ("CPU", "AS", "NPROC", "FSIZE", "NOFILE"):
    kind = getattr(resource, "RLIMIT_" + name)
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        escaped(name)
    except (OSError, ValueError) as refusal:
        print(refusal)
