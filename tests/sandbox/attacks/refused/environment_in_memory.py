"""Read the environment that the C library was started with."""

import ctypes

environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
place = 0
while environ and environ[place]:
    print(environ[place])
    place += 1
