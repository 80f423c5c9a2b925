"""A slow, obvious reference for tax: fractions, one figure after the other, nothing shared."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from oro_prima.mapping.tax import (
    OrderRates,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    TaxOrder,
    TaxRate,
)


def rounded(value: Fraction, places: int, mode: str = "ROUND_HALF_UP") -> Fraction:
    """To so many places; ties of half up go away from zero."""
    scaled, sign = abs(value) * 10**places, -1 if value < 0 else 1
    whole, rest = floor(scaled), scaled - floor(scaled)
    up = {
        "ROUND_HALF_UP": rest >= Fraction(1, 2),
        "ROUND_HALF_EVEN": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "ROUND_DOWN": False,
        "ROUND_UP": rest > 0,
    }[mode]
    return Fraction(sign * (whole + int(up)), 10**places)


def shared(amount: Fraction, weights: list[Fraction], place: str) -> list[Fraction]:
    """In cents; the last share, or the first largest, takes what is left."""
    if sum(weights) == 0:
        return [Fraction(0) for _ in weights]
    found = [rounded(amount * weight / sum(weights), 2) for weight in weights]
    at = weights.index(max(weights)) if place == "largest" else len(found) - 1
    found[at] = amount - sum(found[:at]) - sum(found[at + 1 :])
    return found


def tax_of(amount: Fraction, rate: Fraction, inclusive: bool) -> Fraction:
    """What the engine calculates: added exactly, or found inside at 6 places."""
    return rounded(amount * rate / (1 + rate), 6) if inclusive else amount * rate


def total_rate(rates: tuple[TaxRate, ...]) -> Fraction:
    """All rates of a code together."""
    return sum((Fraction(one.rate) for one in rates), Fraction(0))


def slow_oro(order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy) -> dict[str, Fraction]:
    """Engine's items tax, excluding and including; total tax; and what is owed, with its VAT."""
    by_item = policy.start_on == "item"
    by_unit = policy.start_with == "unit_price"
    inclusive = policy.prices_include_tax
    items = {"tax": Fraction(0), "excl": Fraction(0), "incl": Fraction(0)}
    by_code: dict[str, Fraction] = {}
    amounts = [Fraction(line.price) * Fraction(line.quantity) for line in order.lines]
    shares = [
        Fraction(order.discount) * a / sum(amounts) if sum(amounts) else Fraction(0)
        for a in amounts
    ]
    if policy.release == OroRelease.V6_1_11:
        shares = shared(Fraction(order.discount), amounts, "last")
    for line, amount, share in zip(order.lines, amounts, shares, strict=True):
        quantity, price, left = Fraction(line.quantity), Fraction(line.price), None
        if policy.after_promotions:
            left = max(amount - Fraction(line.discount) - share, Fraction(0))
            price = rounded(left / quantity, 6) if quantity else price
        if price <= 0 or not rates.located:
            continue
        kit = line.parts and policy.release != OroRelease.V5_1
        parts = [
            (Fraction(p.price), Fraction(p.quantity), p.tax_code, quantity)
            for p in line.parts
            if kit
        ]
        own = max(price - sum(p * q for p, q, _c, _m in parts), Fraction(0))
        tax = excl = incl = Fraction(0)
        for price_of, many, code, times in [(own, quantity, line.tax_code, Fraction(1)), *parts]:
            if price_of <= 0:
                continue
            base = rounded(price_of, 2) * many if by_unit else rounded(price_of * many, 2)
            exactly = policy.release == OroRelease.V6_1_11 and order.discount and by_unit
            if left is not None and exactly and not kit:
                base = left
            rate = total_rate(rates.of(code))
            one = tax_of(base, rate, inclusive)
            tax += one * times
            excl += (base - one if inclusive else base) * times
            incl += (base if inclusive else base + one) * times
            own_codes: dict[str, Fraction] = {}
            for each in rates.of(code):
                part = rounded(one * Fraction(each.rate) / rate, 6) if rate else Fraction(0)
                if policy.release == OroRelease.V5_1 and by_item:
                    part = rounded(part, 2)
                own_codes[each.code] = own_codes.get(each.code, Fraction(0)) + part
            for name, part in own_codes.items():
                if by_item:
                    part = rounded(part, 2)
                part *= times
                if by_item:
                    part = rounded(part, 2)
                by_code[name] = by_code.get(name, Fraction(0)) + part
        items["tax"] += rounded(tax, 2) if by_item else tax
        items["excl"] += rounded(excl, 2) if by_item else excl
        items["incl"] += rounded(incl, 2) if by_item else incl
    cost = Fraction(order.shipping)
    if policy.after_promotions:
        cost = max(cost - Fraction(order.shipping_discount), Fraction(0))
    carried = Fraction(0)
    if order.lines and rates.located and cost >= 0:
        carried = tax_of(cost, total_rate(rates.shipping), policy.shipping_includes_tax)
    goods = rounded(items["tax"], 2)
    if policy.release != OroRelease.V6_1_11:
        goods = sum((rounded(tax, 2) for tax in by_code.values()), Fraction(0))
    mode, places = policy.rounding.value, policy.precision
    total = sum((rounded(amount, places, mode) for amount in amounts), Fraction(0))
    off = sum((Fraction(line.discount) for line in order.lines), Fraction(order.discount))
    total = max(total - rounded(off + Fraction(order.manual_discount), places, mode), Fraction(0))
    total += rounded(Fraction(order.shipping), places, mode)
    less = min(Fraction(order.shipping_discount), Fraction(order.shipping))
    total = max(total - rounded(less, places, mode), Fraction(0))
    total += Fraction(0) if inclusive else goods
    total += Fraction(0) if policy.shipping_includes_tax else rounded(carried, 2)
    return {
        "items": goods if policy.release == OroRelease.V6_1_11 else rounded(items["tax"], 2),
        "excluding": rounded(items["excl"], 2),
        "including": rounded(items["incl"], 2),
        "tax": rounded(items["tax"] + carried, 2),
        "gross": total,
        "vat": min(goods + rounded(carried, 2), total),
    }


def slow_prima(order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy) -> dict[str, Fraction]:
    """Net, VAT and gross of the document."""
    flat: list[tuple[Fraction, Fraction, str, Fraction]] = []
    for line in order.lines:
        if not line.parts or policy.kits == "whole":
            flat.append(
                (
                    Fraction(line.price),
                    Fraction(line.quantity),
                    line.tax_code,
                    Fraction(line.discount),
                )
            )
            continue
        inside = sum((Fraction(p.price) * Fraction(p.quantity) for p in line.parts), Fraction(0))
        some = [
            (
                max(Fraction(line.price) - inside, Fraction(0)),
                Fraction(line.quantity),
                line.tax_code,
            )
        ]
        for p in line.parts:
            some.append(
                (Fraction(p.price), Fraction(p.quantity) * Fraction(line.quantity), p.tax_code)
            )
        offs = shared(Fraction(line.discount), [p * q for p, q, _c in some], policy.remainder.value)
        flat += [(p, q, c, off) for (p, q, c), off in zip(some, offs, strict=True)]
    prices = [p for p, _q, _c, _o in flat]
    if policy.start == "unit_price":
        prices = [rounded(p, policy.price_decimals, policy.price_rounding.value) for p in prices]
    amounts = [rounded(p * q, 2) for p, (_p, q, _c, _o) in zip(prices, flat, strict=True)]
    promoted = shared(Fraction(order.discount), amounts, policy.remainder.value)
    manual = shared(Fraction(order.manual_discount), amounts, policy.remainder.value)
    pieces: list[tuple[tuple[str, Fraction], bool, Fraction, Fraction, Fraction, Fraction]] = []
    for at, (_price, quantity, code, off) in enumerate(flat):
        before = Fraction(0)
        if policy.discount == "before-vat":
            before += off + promoted[at]
        if policy.manual_discount == "before-vat":
            before += manual[at]
        owed = amounts[at] - off - promoted[at] - manual[at]
        unit = prices[at] - before / quantity if quantity else Fraction(0)
        held = rates.of(code)
        key = ("+".join(one.code for one in held), total_rate(held))
        base = amounts[at] - before
        pieces.append((key, policy.prices_include_vat, base, owed, unit, quantity))
    cost, less = (
        rounded(Fraction(order.shipping), 2),
        rounded(min(Fraction(order.shipping_discount), Fraction(order.shipping)), 2),
    )
    own = (("+".join(x.code for x in rates.shipping), total_rate(rates.shipping)), cost, less)
    carried = [own] if cost else []
    weights = [base for _k, _i, base, _o, _u, _q in pieces]
    if cost and policy.carriage == "apportioned" and any(weights):
        costs = shared(cost, weights, policy.remainder.value)
        lesses = shared(less, weights, policy.remainder.value)
        carried = [(p[0], costs[at], lesses[at]) for at, p in enumerate(pieces)]
    for key, each, off in carried:
        base = each - off if policy.discount == "before-vat" else each
        pieces.append((key, policy.carriage_includes_vat, base, each - off, base, Fraction(1)))
    mode, places = policy.vat_rounding.value, policy.vat_decimals
    groups: dict[tuple[tuple[str, Fraction], bool], Fraction] = {}
    net = gross = Fraction(0)
    for key, inclusive, base, owed, unit, quantity in pieces:
        rate = key[1]
        share = rate / (1 + rate) if inclusive else rate
        vat = base * share
        if policy.level in {"unit", "line"}:
            vat = unit * share if policy.level == "unit" else vat
            least = Fraction(policy.least) if vat > 0 else None
            vat = rounded(vat, places, mode)
            vat = vat if least is None else max(vat, least)
            vat *= quantity if policy.level == "unit" else 1
        groups[(key, inclusive)] = groups.get((key, inclusive), Fraction(0)) + vat
        gross += owed if inclusive else Fraction(0)
        net += Fraction(0) if inclusive else owed
    final = policy.total_rounding.value
    vats = dict(groups)
    if policy.level == "order":
        whole = rounded(rounded(sum(groups.values(), Fraction(0)), places, mode), 2, final)
        vats = dict(zip(groups, shared(whole, list(groups.values()), "largest"), strict=True))
    else:
        for group, vat in groups.items():
            vat = rounded(vat, places, mode) if policy.level == "rate" else vat
            vats[group] = rounded(vat, 2, final)
    vat_in = sum((vat for (_k, inclusive), vat in vats.items() if inclusive), Fraction(0))
    vat_on = sum((vat for (_k, inclusive), vat in vats.items() if not inclusive), Fraction(0))
    return {"net": net + gross - vat_in, "vat": vat_in + vat_on, "gross": net + gross + vat_on}
