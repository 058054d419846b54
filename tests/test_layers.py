"""Imports go one way: each room may import from the rooms below it and from itself."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "grader"
LAYERS: list[set[str]] = [
    {"cli", "web", "__main__"},
    {"pipeline"},
    {"report", "interchange", "analysis", "review", "proving", "engine"},
    {"gradebook", "ledger", "scoring"},
    {"loading"},
    {"rubric"},
    {"exam", "submission"},
    {"figure"},
    {"deriving"},
    {"checkers"},
    {"expressions", "sandbox"},
    {"score"},
    {"errors"},
]
"""From top to bottom."""
DEPTH = {room: depth for depth, layer in enumerate(LAYERS) for room in layer}
NEVER = {("report", "checkers"), ("report", "engine"), ("engine", "report")}
ONLY_IMPORTERS = {
    "sympy": {"expressions"},
    "mpmath": {"expressions"},
    "yaml": {"loading", "review"},
    "torch": {"sandbox"},
    "numpy": {"sandbox", "checkers"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[tuple[str, int]]:
    """Every module a file imports, also inside functions, with the line."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the whole module name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {(name, node.lineno) for name in names}
    return found


def sources() -> list[Path]:
    files = sorted(
        path
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" or path.parent != PACKAGE
    )
    assert len(files) > 30
    return files


def test_every_room_has_a_layer() -> None:
    assert {room_of(path) for path in sources()} <= DEPTH.keys()


def test_imports_go_down() -> None:
    wrong = []
    for path in sources():
        room = room_of(path)
        for name, line in imports(path):
            parts = name.split(".")
            if parts[0] != "grader" or len(parts) < 2 or parts[1] not in DEPTH:
                continue
            upward = DEPTH[parts[1]] < DEPTH[room] or (room, parts[1]) in NEVER
            if upward and parts[1] != room:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line}: {room} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_special_libraries_stay_in_their_rooms() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for path in sources()
        for name, line in imports(path)
        if room_of(path) not in ONLY_IMPORTERS.get(name.split(".")[0], {room_of(path)})
    ]
    assert not wrong, "\n".join(wrong)


def test_no_type_checking_imports() -> None:
    assert not [path for path in sources() if "TYPE_CHECKING" in path.read_text(encoding="utf-8")]


def test_nothing_evaluates_text() -> None:
    banned = {"eval", "exec", "compile", "sympify", "parse_expr", "parse_latex"}
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = (
                    function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
                )
                called_on = getattr(getattr(function, "value", None), "id", "")
                if name in banned and called_on != "re":
                    wrong.append(f"{path}:{node.lineno}: {name}")
    assert not wrong, "\n".join(wrong)
