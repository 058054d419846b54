"""Leave a message queue."""

import ctypes

librt = ctypes.CDLL(None)
if librt.mq_open(b"/left-behind", 0o102, 0o666, None) >= 0:
    escaped("a queue")
