"""
A period's reports as files that can be frozen: every byte follows from the tables.

The manifest names each file with its hash, the journal line that the pack stands on, and the pack
before it. The hash of the manifest is the hash of the pack.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from attrs import field, frozen

from oro_prima.converters import is_object
from oro_prima.ids import PairId, PrimaCompany
from oro_prima.reconcile.render import table_csv, table_html, table_json, table_text
from oro_prima.reconcile.render.html import element, page
from oro_prima.reconcile.render.tree import table_rows
from oro_prima.reconcile.reports.facts import Frame
from oro_prima.reconcile.table import Table
from oro_prima.values import LocalDate

MANIFEST = "manifest.json"
INDEX = "index.html"
VERSION = 1
FORMS = ("csv", "txt", "json")


@frozen
class Pack:
    """
    The reports of a period.

    Attributes:
        verdict: One sentence on whether the books tie, and what was not looked at.
        journal_line, journal_hash: The last line of the journal that the reports stand on.
        before: Hash of the pack frozen before this one; empty for the first.
    """

    frame: Frame
    tables: tuple[Table, ...]
    verdict: str
    journal_line: int = 0
    journal_hash: str = ""
    before: str = ""


@frozen
class PackFault:
    """One file that is not what was frozen."""

    file: str
    what: str


@frozen
class Adjustment:
    """A row that was added, taken away or changed since a pack was frozen."""

    report: str
    key: str
    before: Mapping[str, object] = field(factory=dict[str, object])
    now: Mapping[str, object] = field(factory=dict[str, object])


def pack_files(pack: Pack) -> dict[str, bytes]:
    """Return every file of a pack by name; the same pack gives the same bytes."""
    files: dict[str, bytes] = {INDEX: _index(pack).encode()}
    for table in pack.tables:
        files[f"{table.key}.txt"] = (table_text(table, width=120) + "\n").encode()
        files[f"{table.key}.csv"] = table_csv(table).encode()
        files[f"{table.key}.json"] = _json(table_json(table))
        files[f"{table.key}.html"] = table_html(table).encode()
    files[MANIFEST] = _json(_manifest(pack, files))
    return files


def pack_hash(files: Mapping[str, bytes]) -> str:
    """Return the hash of a pack: SHA-256 of its manifest, which holds those of all files."""
    return hashlib.sha256(files[MANIFEST]).hexdigest()


def pack_faults(files: Mapping[str, bytes], *, frozen_hash: str) -> tuple[PackFault, ...]:
    """
    Return what differs between files as they are and the pack that was frozen.

    A manifest that is missing, unreadable or not the frozen one is a fault of its own: what it
    says of the other files is not believed then.
    """
    if MANIFEST not in files:
        return (PackFault(MANIFEST, "is missing"),)
    if pack_hash(files) != frozen_hash:
        return (PackFault(MANIFEST, "is not the one that was frozen"),)
    named: Mapping[str, str] = json.loads(files[MANIFEST])["files"]
    faults = [_fault(name, digest, files.get(name)) for name, digest in named.items()]
    added = [PackFault(name, "was added") for name in files if name not in (*named, MANIFEST)]
    return (*(one for one in faults if one), *added)


def adjustments(
    before: Sequence[Table], now: Sequence[Table], *, keys: Mapping[str, tuple[str, ...]]
) -> tuple[Adjustment, ...]:
    """
    Return what changed between a frozen pack's tables and the same tables of today.

    Args:
        before: As frozen.
        now: As they would be made today.
        keys: For each report the columns that tell its rows apart; others are left out.
    """
    found: list[Adjustment] = []
    old = {table.key: _rows(table, keys.get(table.key, ())) for table in before}
    new = {table.key: _rows(table, keys.get(table.key, ())) for table in now}
    for report in keys:
        was, now_is = old.get(report, {}), new.get(report, {})
        found += [
            Adjustment(report, " ".join(key), was.get(key, {}), now_is.get(key, {}))
            for key in sorted({*was, *now_is})
            if was.get(key) != now_is.get(key)
        ]
    return tuple(found)


def _rows(table: Table, names: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, object]]:
    rows = [dict[str, object](row) for row in table_rows(table)]
    return {tuple(str(row[name]) for name in names): row for row in rows}


def _fault(name: str, digest: str, content: bytes | None) -> PackFault | None:
    if content is None:
        return PackFault(name, "is missing")
    same = hashlib.sha256(content).hexdigest() == digest
    return None if same else PackFault(name, "was changed")


def _manifest(pack: Pack, files: Mapping[str, bytes]) -> dict[str, object]:
    frame = pack.frame
    return {
        "version": VERSION,
        "pair": frame.pair,
        "company": frame.company,
        "organisation": frame.organisation,
        "first": frame.first.isoformat(),
        "last": frame.last.isoformat(),
        "made_at": frame.now.isoformat(),
        "zone": str(frame.zone),
        "verdict": pack.verdict,
        "reports": [table.key for table in pack.tables],
        "journal": {"line": pack.journal_line, "hash": pack.journal_hash},
        "before": pack.before,
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }


def pack_of_manifest(tree: Mapping[str, object], tables: Sequence[Table]) -> Pack:
    """
    Return the pack that a manifest and its tables are of.

    Raises:
        ValueError: the manifest is of another form.
    """
    journal = tree.get("journal")
    if not is_object(journal):
        raise ValueError("expected a line of the journal")
    frame = Frame(
        PairId(str(tree.get("pair"))),
        PrimaCompany(str(tree.get("company"))),
        LocalDate(date.fromisoformat(str(tree.get("first")))),
        LocalDate(date.fromisoformat(str(tree.get("last")))),
        _zone(str(tree.get("zone"))),
        datetime.fromisoformat(str(tree.get("made_at"))),
        str(tree.get("organisation")),
    )
    return Pack(
        frame,
        tuple(tables),
        str(tree.get("verdict")),
        int(str(journal.get("line"))),
        str(journal.get("hash")),
        str(tree.get("before")),
    )


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (OSError, KeyError):
        raise ValueError(f"no such time zone: {name}") from None


def _index(pack: Pack) -> str:
    frame = pack.frame
    links = [
        element(
            "tr",
            element("td", element("a", table.title, href=f"{table.key}.html")),
            element("td", str(len(table.rows)), class_="n"),
            *(element("td", element("a", kind, href=f"{table.key}.{kind}")) for kind in FORMS),
        )
        for table in pack.tables
    ]
    heads = [element("th", name) for name in ("report", "rows", "", "", "")]
    return page(
        f"Books {frame.period}",
        element("h1", f"Books {frame.period}"),
        element("p", f"{frame.organisation or frame.pair}, Prima company {frame.company}"),
        element("p", pack.verdict, class_="note"),
        element("table", element("thead", element("tr", *heads)), element("tbody", *links)),
    )


def _json(tree: object) -> bytes:
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()
