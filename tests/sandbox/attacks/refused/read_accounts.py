"""Read the machine's accounts."""

for name in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/ssl/openssl.cnf"):
    try:
        open(name).read()
        escaped("read " + name)
    except OSError as refusal:
        print(refusal)
