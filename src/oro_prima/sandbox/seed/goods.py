"""Made-up goods: base SKUs over a matrix of fit and size, and the units they are sold in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from attrs import frozen

from oro_prima.sandbox.seed.words import GOODS, KINDS

Codes = tuple[str, str, str, str, str]
Components = tuple[tuple[str, str, str, str, str, int], ...]

CLOTHES = ("S", "M", "L", "XL", "XXL")
SHOES = ("060", "065", "070", "075", "080", "085", "090", "095", "100", "105")
RATIO = (("S", 1), ("M", 2), ("L", 2), ("XL", 1))
ODD_PALLET = 45
"""Factor of the one pallet of which half is no whole number of base units."""


@frozen
class UnitOfSale:
    """One unit of a product: code, decimals of its quantity, rate, price, and what it holds."""

    code: str
    precision: int
    rate: Decimal
    price: Decimal
    components: Components


@frozen
class Good:
    """One product of the shop with its units, the primary one first."""

    sku: str
    name: str
    units: tuple[UnitOfSale, ...]


@frozen
class BaseSku:
    """One SKU of Prima with the base units that are free."""

    codes: Codes
    quantity: int
    available_date: str


@frozen
class Style:
    """One style: a product code, its fits and sizes, and how it is packed."""

    number: int
    code: str
    name: str
    fits: tuple[str, ...]
    sizes: tuple[str, ...]
    price: Decimal
    case: int
    pallet: int
    packed: bool

    def skus(self) -> Iterator[Codes]:
        """Return the base SKUs of the style."""
        return ((self.code, fit, size, "", "") for fit in self.fits for size in self.sizes)


def make_styles(rng: Random, *, skus: int) -> tuple[Style, ...]:
    """Make styles until they hold at least `skus` base SKUs."""
    styles: list[Style] = []
    made = 0
    while made < skus:
        style = _style(rng, len(styles))
        styles.append(style)
        made += len(style.fits) * len(style.sizes)
    return tuple(styles)


def _style(rng: Random, number: int) -> Style:
    code = f"{rng.choice(GOODS).upper()}{1001 + number}"
    fits, sizes = _matrix(number)
    fine = len(sizes) == 1
    return Style(
        number=number,
        code=code,
        name=f"{code.title()} {rng.choice(KINDS)}",
        fits=fits,
        sizes=sizes,
        price=Decimal(rng.randrange(15_001, 90_000, 2)) / 10_000
        if fine
        else Decimal(rng.randrange(800, 18_000)) / 100,
        case=(6, 12)[number // 2 % 2] if number % 2 == 0 else 0,
        pallet=(ODD_PALLET if number == 0 else 48 * rng.randint(1, 3)) if number % 3 == 0 else 0,
        packed=sizes == CLOTHES and number % 2 == 1,
    )


def _matrix(number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return fits and sizes; every fifth style is one piece without a matrix."""
    if number % 5 == 1:
        return ("",), ("",)
    return (("F", "G") if number % 4 == 2 else ("REG", "WIDE")), _sizes(number)


def _sizes(number: int) -> tuple[str, ...]:
    return SHOES if number % 4 == 2 else CLOTHES


def make_stock(rng: Random, styles: tuple[Style, ...], *, scale: int) -> tuple[BaseSku, ...]:
    """Give every base SKU a free quantity; some have none, half of those a date."""
    return tuple(_base(rng, codes, scale) for style in styles for codes in style.skus())


def _base(rng: Random, codes: Codes, scale: int) -> BaseSku:
    if rng.random() < 0.1:
        date = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/2031"
        return BaseSku(codes, 0, rng.choice(("", date)))
    return BaseSku(codes, rng.randint(40, 600) * scale, "")


def make_goods(styles: tuple[Style, ...]) -> tuple[Good, ...]:
    """Make the shop's products: one for each base SKU, and the ratio packs."""
    return tuple(good for style in styles for good in _goods(style))


def _goods(style: Style) -> Iterator[Good]:
    for codes in style.skus():
        sku = "-".join(code for code in codes if code)
        yield Good(sku, f"{style.name} {codes[2]}".strip(), tuple(_units(style, codes)))
    for fit in style.fits if style.packed else ():
        yield _pack(style, fit)


def _units(style: Style, codes: Codes) -> Iterator[UnitOfSale]:
    yield UnitOfSale("each", 0, Decimal(1), style.price, ((*codes, 1),))
    for code, factor, share in (("case", style.case, 95), ("pallet", style.pallet, 90)):
        if factor:
            precision = 1 if factor == ODD_PALLET else 0
            price = _pence(style.price * factor * share / 100)
            yield UnitOfSale(code, precision, Decimal(factor), price, ((*codes, factor),))


def _pack(style: Style, fit: str) -> Good:
    components = tuple((style.code, fit, size, "", "", count) for size, count in RATIO)
    price = _pence(style.price * sum(count for _, count in RATIO))
    unit = UnitOfSale("pack", 0, Decimal(1), price, components)
    return Good(f"{style.code}-{fit}-PACK", f"{style.name} ratio pack", (unit,))


def _pence(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
