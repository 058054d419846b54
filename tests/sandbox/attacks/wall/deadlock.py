"""Wait for a lock that nobody gives back."""

import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
