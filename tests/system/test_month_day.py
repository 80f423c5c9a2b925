"""A simulated day over real HTTP: what was planted is found, and the books tie."""

from __future__ import annotations

from pathlib import Path

from tests.month.playing import play, table_text
from tests.month.problems import Size, make_month

DAY = Size(customers=20, skus=60, orders=3_600, share=0.5)


def test_a_day_over_http_is_as_exact_as_one_in_process(tmp_path: Path) -> None:
    """The same generator, the same measure."""
    result = play(make_month(11, DAY), tmp_path, days=1, served=True)
    every = (*result.reasons.values(), *result.classes.values())

    assert result.orders == DAY.orders // 30
    assert all(one.found == one.planted and not one.invented for one in every), table_text(result)
    assert (result.doubled, result.lost, result.owners_wrong) == (0, 0, 0)
    assert result.closing.ties
    assert result.proven
