"""Look for other people's files in every usual place."""

import os

for top in ("/home", "/root", "/var", "/srv", "/mnt", "/opt", HOST["folder"]):
    for where, _, names in os.walk(top):
        for name in names:
            try:
                with open(os.path.join(where, name)) as found:
                    found.read(1)
                escaped("read " + os.path.join(where, name))
            except OSError:
                pass
