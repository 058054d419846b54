"""Every layer is needed: with it off, an attack that must fail gets through, so these tests can fail."""

from __future__ import annotations

import pytest

from tests.sandbox.battery import play

CONTROLS = {
    "filter": ["refused/fork", "refused/send_udp", "refused/rare_calls"],
    "landlock": ["refused/write_host_folder", "refused/read_accounts"],
    "root": ["refused/stat_the_machine"],
    "rlimits": ["refused/many_threads"],
    "descriptors": ["refused/inherited_descriptors"],
    "capabilities": ["refused/override_permissions"],
    "namespaces": ["refused/see_the_user", "refused/stat_the_machine"],
}
ALSO_WITHOUT = {"landlock": {"root"}, "filter": {"root"}}
"""Where no file of the machine and no network is there, these have less to refuse."""
BEHIND_THE_WALL = ["refused/read_secret_file", "refused/connect_tcp", "refused/unix_socket"]


@pytest.mark.parametrize("layer", CONTROLS)
def test_without_a_layer_attacks_get_through(layer: str) -> None:
    without = frozenset({layer, *ALSO_WITHOUT.get(layer, ())})
    verdicts = play(wall=False, without=without, names=CONTROLS[layer])
    assert [verdict.name for verdict in verdicts if not verdict.faults] == []


def test_an_old_landlock_is_mended_by_the_filter() -> None:
    """Without Landlock files are open, but none can be emptied by a flag, as before its version 3."""
    bare = frozenset({"landlock", "root"})
    (held,) = play(wall=False, without=bare, names=["refused/truncate"])
    assert all("opened with 513" in fault or "changed" in fault for fault in held.faults)


def test_without_bubblewrap_the_inner_layers_are_all_there_is() -> None:
    """Without filter and Landlock it is bubblewrap alone that keeps files and network away."""
    bare = frozenset({"filter", "landlock", "root"})
    walled = play(wall=True, without=bare, names=BEHIND_THE_WALL)
    open_ = play(wall=False, without=bare, names=BEHIND_THE_WALL)
    reached = [any("reached" in fault or "secret" in fault for fault in v.faults) for v in walled]
    assert reached == [False] * len(BEHIND_THE_WALL)
    assert all(verdict.faults for verdict in open_)
