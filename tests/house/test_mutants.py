"""The tool that makes mutants makes them: each kind, in every place where code runs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

import pytest
from mutant_trials import place_of
from mutants import ACTIVE, REACHED, Mutant, mutate
from mutate import equivalent, modules

SOURCE = """
LEAST = 1

class Kind:
    word: str = "exact"

def least(numbers, *, start=0):
    \"\"\"Return the least.\"\"\"
    found = [n for n in numbers if n > start and not n == LEAST]
    if len(found) == 1:
        return found[0] - 1
    return min(found) * 2 if found else None
"""


@pytest.fixture(autouse=True)
def _no_mutant() -> Iterator[None]:
    setattr(builtins, ACTIVE, 0)
    setattr(builtins, REACHED, lambda _number: False)
    yield
    delattr(builtins, ACTIVE)
    delattr(builtins, REACHED)


def run(tree: ast.Module, numbers: tuple[int, ...]) -> object:
    names: dict[str, object] = {}
    exec(compile(tree, "made", "exec"), names)
    least = names["least"]
    assert callable(least)
    return least(numbers)


def changes(mutants: list[Mutant]) -> set[str]:
    return {f"{one.before} -> {one.after}" for one in mutants}


def test_without_an_active_mutant_nothing_changes() -> None:
    """Whether places are noted or not."""
    for recording in (False, True):
        tree, _mutants = mutate(SOURCE, recording=recording)

        assert [run(tree, some) for some in ((5, 1, 4), (7,), ())] == [8, 6, None]


def test_each_kind_of_change_is_made() -> None:
    """Comparisons, truths, numbers, words, conditions, returns; no annotation, no docstring."""
    found = changes(mutate(SOURCE)[1])

    assert {
        "n > start -> n >= start",
        "n == LEAST -> n != LEAST",
        "not n == LEAST -> n == LEAST",
        "n > start and (not n == LEAST) -> n > start or not n == LEAST",
        "found[0] - 1 -> found[0] + 1",
        "min(found) -> max(found)",
        "min(found) * 2 -> min(found) / 2",
        "0 -> 1",
        "'exact' -> 'exactXX'",
        "return found[0] - 1 -> return None",
        "min(found) * 2 if found else None -> None if found else min(found) * 2",
    } <= found
    assert not any("Return" in one for one in found)


def test_every_mutant_inside_a_function_can_be_chosen() -> None:
    """Each answers differently for some numbers, or fails."""
    tree, mutants = mutate(SOURCE)
    some = ((5, 1, 4), (7,), (), (0, 3), (1, 7))
    usual = [run(tree, numbers) for numbers in some]
    for mutant in mutants:
        if not mutant.early:
            setattr(builtins, ACTIVE, mutant.number)
            try:
                answers = [run(tree, numbers) for numbers in some]
            except (TypeError, IndexError, ValueError):
                continue

            assert answers != usual, mutant


def test_what_takes_effect_at_loading_is_built_in() -> None:
    """Defaults, attributes of classes, constants of the module."""
    _tree, mutants = mutate(SOURCE)
    early = [one for one in mutants if one.early]

    assert [(one.where, one.before) for one in early] == [
        ("", "1"), ("Kind", "'exact'"), ("least", "0"),
    ]  # fmt: skip
    assert run(mutate(SOURCE, only=early[0].number)[0], (2, 5)) == 4
    assert run(mutate(SOURCE, only=early[2].number)[0], (5, 1, 4)) == 8


def test_reached_places_are_noted() -> None:
    """A test need only run where it can notice something."""
    seen: set[int] = set()

    def reached(number: int) -> bool:
        seen.add(number)
        return False

    setattr(builtins, REACHED, reached)
    tree, mutants = mutate(SOURCE, recording=True)
    run(tree, ())
    kept = {one.before for one in mutants if one.number in seen}

    assert "found[0] - 1" not in kept
    assert "n > start" not in kept
    assert "min(found) * 2 if found else None" in kept


def test_a_mutant_keeps_its_name_when_lines_move() -> None:
    """So that what is known of it stays known; the same text twice is told apart."""
    before = {one.key for one in mutate(SOURCE)[1]}
    after = {one.key for one in mutate("\n\n" + SOURCE)[1]}
    twice = mutate("def f(a):\n    return (a + 1, a + 1)\n")[1]

    assert before == after
    assert len(before) == len(mutate(SOURCE)[1])
    assert len({one.key for one in twice}) == len(twice)


def test_mutants_said_to_be_equivalent_are_there() -> None:
    """One whose code has changed is looked at again."""
    known = modules()
    keys = {name: {one.key for one in mutate(place_of(name).read_text())[1]} for name in known}

    assert [row for row in equivalent() if row[1] not in keys.get(row[0], ())] == []
    assert all(equivalent().values())
