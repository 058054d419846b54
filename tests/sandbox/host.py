"""Things on this machine that no submission may read, change, reach or kill, and whether one did."""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from grader.sandbox.launch import INSIDE

SHARED = Path("/dev/shm")  # noqa: S108 - the place under test

MANY = 300
"""Descriptors that are open before anything else: the numbers of all others are high."""


class Host:
    """Canaries: a file, a folder, an environment variable, TCP, UDP, a socket file, an abstract socket, /dev/shm."""

    def __init__(self) -> None:
        self.secret = secrets.token_hex(16)
        self.folder = Path(tempfile.mkdtemp(prefix="canaries-"))
        self.folder.chmod(0o755)
        self.file = self.folder / "secret.txt"
        self.file.write_text(self.secret)
        self.file.chmod(0o666)
        self.drop = self.folder / "drop"
        self.drop.mkdir()
        self.drop.chmod(0o777)
        self.shm = SHARED / f"canary-{self.secret[:8]}"
        self.shm.write_text(self.secret)
        self.shm.chmod(0o666)
        self.reached: list[str] = []
        self._open: list[socket.socket] = []
        self._many = [os.open(os.devnull, os.O_RDONLY) for _ in range(MANY)]
        self.abstract = f"canary-{self.secret[:8]}"
        port = self._listen(socket.AF_INET, ("127.0.0.1", 0), "tcp")
        self._listen(socket.AF_UNIX, "\0" + self.abstract, "abstract socket")
        self._listen(socket.AF_UNIX, str(self.folder / "socket"), "socket file")
        (self.folder / "socket").chmod(0o777)
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", port))
        self._open.append(datagrams)
        threading.Thread(target=self._receive, args=(datagrams,), daemon=True).start()
        os.environ["CANARY"] = self.secret
        self.described = {
            "file": str(self.file),
            "folder": str(self.folder),
            "drop": str(self.drop),
            "socket": str(self.folder / "socket"),
            "abstract": self.abstract,
            "port": port,
            "shm": str(self.shm),
            "pid": os.getpid(),
            "name": socket.gethostname(),
        }

    def _listen(self, family: int, address: tuple[str, int] | str, name: str) -> int:
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        self._open.append(server)
        threading.Thread(target=self._accept, args=(server, name), daemon=True).start()
        return int(server.getsockname()[1]) if family == socket.AF_INET else 0

    def _accept(self, server: socket.socket, name: str) -> None:
        while True:
            try:
                server.accept()[0].close()
            except OSError:
                return
            self.reached.append(name)

    def _receive(self, datagrams: socket.socket) -> None:
        while True:
            try:
                datagrams.recvfrom(64)
            except OSError:
                return
            self.reached.append("udp")

    def damage(self, text: str) -> list[str]:
        """What a submission did or learned, given all text that came back from it; the host is mended."""
        found = [f"reached {name}" for name in self.reached]
        self.reached.clear()
        found += ["learned the secret"] * (self.secret in text)
        for path in (self.file, self.shm):
            if not path.exists() or path.read_text() != self.secret:
                found.append(f"changed {path.name}")
                path.write_text(self.secret)
        for path in [
            *self.drop.iterdir(),
            *self.folder.glob("dropped"),
            *self.folder.glob("*.json"),
        ]:
            found.append(f"left {path.name}")
            path.unlink()
        left = SHARED / "left-behind"
        if left.exists():
            found.append("left a file in shared memory")
            left.unlink()
        return found

    def close(self) -> None:
        for server in self._open:
            server.close()
        for descriptor in self._many:
            os.close(descriptor)
        self.shm.unlink(missing_ok=True)
        for path in (self.folder / "socket", self.file):
            path.unlink(missing_ok=True)
        self.drop.rmdir()
        self.folder.rmdir()
        os.environ.pop("CANARY", None)

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def processes(root: int) -> set[int]:
    """The zygote's descendants, and orphans that look like it."""
    parents: dict[int, int] = {}
    orphans: set[int] = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            parents[int(entry)] = int(fields[1])
            line = Path(f"/proc/{entry}/cmdline").read_bytes()
        except OSError:
            continue
        if fields[0] != "Z" and fields[1] == "1" and str(INSIDE).encode() in line:
            orphans.add(int(entry))
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found | orphans
