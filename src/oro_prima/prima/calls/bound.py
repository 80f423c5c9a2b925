"""Capabilities that are bound to a request of their own: written from a template, read by paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar
from xml.etree import ElementTree as ET

from oro_prima.call import ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.base import PrimaCall
from oro_prima.prima.calls.reading import Reading
from oro_prima.prima.calls.result import Asked, judge_enquiry
from oro_prima.prima.calls.trees import Tree, raw_records
from oro_prima.prima.models.binding import SoapBinding, filled
from oro_prima.prima.models.bound import Bound, parse_records
from oro_prima.prima.models.capabilities import SHAPES, Capability
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import SkuKey

T = TypeVar("T")


def read_capability(
    capability: Capability,
    binding: SoapBinding,
    *,
    profile: PrimaProfile,
    company: PrimaCompany,
    about: Mapping[str, str],
    skus: Sequence[SkuKey] = (),
    timeout: float | None = None,
) -> PrimaCall[Bound[object]]:
    """
    Ask for one capability; an enquiry, and safe.

    Args:
        capability: What is wanted.
        binding: How this Prima gives it.
        profile: What this Prima is like.
        company: Sent where the profile says so.
        about: The parameters of the request, such as `order_number`; one that is left out is blank.
        skus: The SKUs that it is about, where it is about SKUs; at most `binding.each_size`.
        timeout: Seconds for the answer's next bytes; None for the sender's default.

    Raises:
        ValueError: A parameter that the capability does not have, or too many SKUs.
    """
    unknown = set(about) - set(SHAPES[capability].parameters)
    if unknown or len(skus) > binding.each_size:
        raise ValueError(
            f"{capability.value}: expected no parameters but "
            f"{', '.join(SHAPES[capability].parameters)}, and at most {binding.each_size} SKUs"
        )

    def reader() -> tuple[Tree, partial[Bound[object]]]:
        tree = Tree()
        return tree, partial(_read, tree, capability, binding)

    return PrimaCall(
        name=f"read_{capability.value}",
        request_type=binding.request_type,
        profile=profile,
        company=company,
        safe=True,
        write=partial(_write, binding, dict(about), tuple(skus)),
        reader=reader,
        timeout=timeout,
        operation=binding.operation,
    )


def _write(binding: SoapBinding, about: Mapping[str, str], skus: Sequence[SkuKey]) -> ET.Element:
    root = ET.Element("Request", {"RequestType": binding.request_type})
    data = ET.SubElement(root, "Data", {n: filled(text, about) for n, text in binding.request})
    for sku in skus if binding.each else ():
        codes = dict(zip(("product", "m1", "m2", "m3", "m4"), sku.codes, strict=True))
        known = {**about, **codes}
        attributes = {name: filled(text, known) for name, text in binding.each}
        ET.SubElement(data, binding.each_element, attributes)
    return root


def _read(
    tree: Tree,
    capability: Capability,
    binding: SoapBinding,
    asked: Asked,
    head: ResponseHead,
    reading: Reading,
) -> Bound[object]:
    judge_enquiry(asked, head, reading)
    raw = raw_records(tree.top.children[0], binding.mapping)
    return parse_records(raw, capability=capability, mapping=binding.mapping)
