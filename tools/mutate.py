"""
Mutation testing: every small change of a rule must make a test fail.

`nox -s mutate` writes build/mutate.json: per module how many mutants were killed, which survived,
and which are equivalent, with the reason. A module is compiled once with all its mutants inside and
its tests are collected once; each mutant then runs in a fork, with only the tests that reach it. A
mutant that was killed before is not run again while module and test file stay as they were.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mutant_trials import (
    ROOT,
    SOURCE,
    Reached,
    exit_code,
    in_fork,
    place_of,
    record,
    try_all,
    try_early,
)
from mutants import Mutant, mutate

WORK = ROOT / "build" / "mutate"
RESULT = ROOT / "build" / "mutate.json"
EQUIVALENT = ROOT / "tools" / "equivalent.toml"

UNITS = (
    "tests/rules/test_rules_units.py",
    "tests/rules/test_rules_publication.py",
    "tests/rules/test_rules_products_plan.py",
    "tests/rules/test_rules_orders.py",
    "tests/rules/test_rules_details.py",
)
STOCK = (
    "tests/rules/test_rules_exact_goods.py",
    "tests/rules/test_rules_stock.py",
    "tests/rules/test_rules_stock_guards.py",
    "tests/rules/test_rules_shops.py",
    "tests/rules/test_rules_plans.py",
    "tests/rules/test_rules_details.py",
)
PRICES = (
    "tests/rules/test_rules_exact_goods.py",
    "tests/rules/test_rules_price_lists.py",
    "tests/rules/test_rules_price_books.py",
    "tests/rules/test_rules_price_listing.py",
    "tests/rules/test_rules_price_check.py",
    "tests/rules/test_rules_publication.py",
    "tests/rules/test_rules_orders.py",
    "tests/rules/test_rules_details.py",
)
TAX = (
    "tests/rules/test_rules_exact_tax.py",
    "tests/rules/test_rules_tax_oro.py",
    "tests/rules/test_rules_tax_totals.py",
    "tests/rules/test_rules_tax_laws.py",
)
COVERAGE = ("tests/rules/test_rules_coverage.py", "tests/rules/test_rules_details.py")
HEADERS = (
    "tests/rules/test_rules_exact_accounts.py",
    "tests/rules/test_rules_exact.py",
    "tests/rules/test_rules_exact_texts.py",
    "tests/rules/test_rules_headers.py",
    "tests/rules/test_rules_customers.py",
    "tests/rules/test_rules_orders.py",
)
ACCOUNTS = (
    "tests/rules/test_rules_exact_accounts.py",
    "tests/rules/test_rules_customers.py",
    "tests/rules/test_rules_customers_plan.py",
    "tests/rules/test_rules_proposals.py",
)
FULFILMENT = ("tests/rules/test_rules_fulfilment.py",)
HEADER_MODULES = ("charges", "conditions", "holds", "references", "routing", "warnings")
ACCOUNT_MODULES = ("customers", "deliveries", "proposals")
FULFILMENT_MODULES = ("despatches", "fulfilment", "polling")
UNIT_MODULES = ("units", "product_units", "publication", "quantities")
ORDERS = ("orders", "totals", "texts", "numbers", "eligibility", "intent")


def modules() -> dict[str, tuple[str, ...]]:
    """Return the modules of the rules, and the tests that speak of each."""
    found: dict[str, tuple[str, ...]] = {f"mapping/{name}": UNITS for name in UNIT_MODULES}
    found |= {f"mapping/{name}": STOCK for name in ("stock", "guards")}
    found |= {f"mapping/{name}": HEADERS for name in HEADER_MODULES}
    found |= {f"mapping/{name}": ACCOUNTS for name in ACCOUNT_MODULES}
    found |= {f"mapping/{name}": FULFILMENT for name in FULFILMENT_MODULES}
    rooms: tuple[tuple[str, tuple[str, ...]], ...]
    rooms = (("prices", PRICES), ("tax", TAX), ("coverage", COVERAGE))
    for room, tests in rooms:
        for path in sorted((SOURCE / "mapping" / room).glob("*.py")):
            if path.stem != "__init__":
                found[f"mapping/{room}/{path.stem}"] = tests
    found |= {f"mapping/{name}": HEADERS for name in ORDERS}
    found["mapping/limits"] = ("tests/rules/test_rules_limits.py",)
    found["mapping/price_changes"] = (
        "tests/rules/test_rules_prices_plan.py",
        "tests/rules/test_rules_price_turns.py",
    )
    found["mapping/price_turns"] = ("tests/rules/test_rules_price_turns.py",)
    found["mapping/price_check"] = ("tests/rules/test_rules_price_check.py",)
    found["mapping/schedule"] = (
        "tests/rules/test_rules_schedule.py",
        "tests/rules/test_rules_price_turns.py",
    )
    found["mapping/account_fields"] = ACCOUNTS
    found["mapping/invoices"] = (
        "tests/rules/test_rules_invoices.py",
        "tests/rules/test_rules_invoices_plan.py",
    )
    found["mapping/blast"] = ("tests/rules/test_rules_blast.py",)
    found["mapping/hints"] = ("tests/rules/test_rules_hints.py",)
    found["plans/scopes"] = ("tests/rules/test_rules_scopes.py",)
    return {name: tests for name, tests in found.items() if place_of(name).exists()}


@dataclass
class Survey:
    """What one module's mutants came to; `killed` leads from a mutant's key to its test."""

    module: str
    mutants: list[Mutant]
    killed: dict[str, str] = field(default_factory=dict[str, str])
    survived: list[Mutant] = field(default_factory=list[Mutant])


def survey(module: str, tests: Sequence[str], *, again: bool) -> Survey:
    """Try every mutant of a module that is not known to be killed."""
    WORK.mkdir(parents=True, exist_ok=True)
    to = WORK / module.replace("/", "-")
    mutants = mutate(place_of(module).read_text())[1]
    found = Survey(module, mutants)
    found.killed = {} if again else _known(module, to)
    left = [one for one in mutants if one.key not in found.killed]
    if left:
        killed = _run(module, tests, left, to)
        found.killed |= {one.key: killed[one.number] for one in left if one.number in killed}
        _keep(module, found, to)
    found.survived = [one for one in mutants if one.key not in found.killed]
    return found


def _run(module: str, tests: Sequence[str], mutants: Sequence[Mutant], to: Path) -> dict[int, str]:
    reached_at, killed_at = to.with_suffix(".reached"), to.with_suffix(".killed")
    _done(in_fork(partial(record, module, tests, reached_at), quiet=False), module)
    reached: Reached = {
        name: (took, seen) for name, (took, seen) in json.loads(reached_at.read_text()).items()
    }
    late = [one for one in mutants if not one.early]
    _done(in_fork(partial(try_all, module, tests, late, reached, killed_at)), module)
    killed = {int(number): str(name) for number, name in json.loads(killed_at.read_text()).items()}
    for one in mutants:
        if one.early:
            child = in_fork(partial(try_early, module, tests, one.number))
            if exit_code(_waited(child)):
                killed[one.number] = "at loading"
    return killed


def _waited(child: int) -> int:
    return os.waitpid(child, 0)[1]


def _done(child: int, module: str) -> None:
    if exit_code(_waited(child)):
        raise SystemExit(f"{module}: its tests fail without a mutant, or cannot be run")


def _known(module: str, to: Path) -> dict[str, str]:
    """Return what was killed before, where module and test are still the same."""
    kept = to.with_suffix(".json")
    if not kept.exists():
        return {}
    data = json.loads(kept.read_text())
    if data["module"] != _digest(place_of(module)):
        return {}
    return {
        key: test
        for key, test in data["killed"].items()
        if test.partition("::")[0] in data["tests"]
        and data["tests"][test.partition("::")[0]] == _digest(ROOT / test.partition("::")[0])
    }


def _keep(module: str, found: Survey, to: Path) -> None:
    files = {test.partition("::")[0] for test in found.killed.values()}
    data = {
        "module": _digest(place_of(module)),
        "killed": found.killed,
        "tests": {file: _digest(ROOT / file) for file in files},
    }
    to.with_suffix(".json").write_text(json.dumps(data))


def _digest(path: Path) -> str:
    text = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(text).hexdigest()


def equivalent() -> dict[tuple[str, str], str]:
    """Return the reason of each mutant that changes nothing that can be seen."""
    rows = tomllib.loads(EQUIVALENT.read_text())["equivalent"] if EQUIVALENT.exists() else []
    return {(row["module"], row["mutant"]): row["why"] for row in rows}


def row_of(found: Survey, same: dict[tuple[str, str], str]) -> dict[str, object]:
    """Return what build/mutate.json says of a module."""
    reasons = {one.key: same.get((found.module, one.key), "") for one in found.survived}
    left = [one for one in found.survived if not reasons[one.key]]
    return {
        "mutants": len(found.mutants),
        "killed": len(found.mutants) - len(found.survived),
        "survived": len(left),
        "survivors": [f"line {one.line} {one.key}" for one in left],
        "equivalent": [{"mutant": key, "reason": why} for key, why in reasons.items() if why],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the modules named, or all; write build/mutate.json; 1 if any mutant survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="such as mapping/units; all by default")
    parser.add_argument("--again", action="store_true", help="forget what was killed before")
    given = parser.parse_args(arguments)
    known, same = modules(), equivalent()
    rows: dict[str, object] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    rows = {name: row for name, row in rows.items() if name in known}
    survivors = 0
    for name in given.modules or known:
        start = time.monotonic()
        found = survey(name, known[name], again=given.again)
        row = row_of(found, same)
        rows[name] = row
        survivors += len(found.survived)
        RESULT.write_text(json.dumps(rows, indent=1))
        sys.stdout.write(
            f"{name:<32}{row['mutants']:>5} mutants, {row['killed']:>5} killed, "
            f"{row['survived']:>3} survived  ({time.monotonic() - start:.0f} s)\n"
        )
        sys.stdout.writelines(f"    {line}\n" for line in row["survivors"])  # type: ignore[attr-defined]
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    sys.exit(main())
