"""WSDLs, read into what a profile would have to say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.errors import Effect, UnavailableError, UnreadableError
from oro_prima.prima.calls.wsdl import (
    ProfileDifference,
    ServiceDescription,
    describe_service,
    parse_wsdl,
)
from oro_prima.prima.models.profile import PrimaProfile, Style
from oro_prima.sandbox.prima import PATH, PrimaSandbox
from tests.prima.documents import HTML, read
from tests.prima.served import served

RPC = """<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" targetNamespace="urn:t">
 <message name="in1"><part name="Doc"/></message>
 <message name="in2"><part name="Doc"/><part name="Firm"/></message>
 <portType name="p">
  <operation name="wsomhandler"><input message="t:in1"/></operation>
  <operation name="comwsomhandler"><input message="t:in2"/></operation>
 </portType>
 <binding name="b" type="t:p">
  <soap:binding style="rpc"/>
  <operation name="wsomhandler"><soap:operation soapAction="go"/>
   <input><soap:body use="literal" namespace="urn:t:t"/></input></operation>
  <operation name="comwsomhandler"><soap:operation soapAction="go"/>
   <input><soap:body use="literal" namespace="urn:t:t"/></input></operation>
 </binding>
 <binding name="other" type="t:p"><operation name="wsomhandler"/></binding>
</definitions>"""
DOC = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
 <types><schema xmlns="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
  targetNamespace="urn:d"><element name="wsomhandler"><complexType><sequence>
  <element name="Doc"/></sequence></complexType></element></schema></types>
 <message name="in1"><part name="parameters" element="t:wsomhandler"/></message>
 <portType name="p"><operation name="wsomhandler"><input message="t:in1"/></operation></portType>
 <binding name="b" type="t:p"><soap:binding/>
  <operation name="wsomhandler"><soap:operation/><input><soap:body use="literal"/></input>
  </operation></binding>
</definitions>"""
FOUND = ServiceDescription(
    Style.RPC_LITERAL, "urn:t:t", "Doc", "go", "Firm", False, company_action="go"
)


def _sandbox(style: str) -> PrimaSandbox:
    return PrimaSandbox(now=lambda: datetime(2031, 5, 6, tzinfo=UTC), style=style)


@pytest.mark.parametrize("style", list(Style))
def test_the_sandbox_describes_each_of_its_styles(style: Style) -> None:
    """The description is read, and nothing but the style differs from the defaults."""
    found = served(_sandbox(style.value), describe_service())
    told = found.applied_to(PrimaProfile())

    assert told == PrimaProfile(style=style)
    assert found.address.endswith(PATH)
    assert (found.outputs, found.others) == (("result",), ())
    assert found.differences(told) == ()


def test_names_and_order_are_taken_from_the_wsdl() -> None:
    """Part names, their order, namespace and action; the rest of a profile stays."""
    found = parse_wsdl(RPC.encode())
    profile = PrimaProfile(with_company=True, multi_size=7)
    told = found.applied_to(profile)

    assert found == FOUND
    assert (told.xml_part, told.company_part, told.company_first) == ("Doc", "Firm", False)
    assert (told.with_company, told.multi_size) == (True, 7)
    assert found.differences(profile) == (
        ProfileDifference("namespace", "urn:omlink:omlink", "urn:t:t"),
        ProfileDifference("xml_part", "RequestXML", "Doc"),
        ProfileDifference("company_part", "Company", "Firm"),
        ProfileDifference("company_first", "True", "False"),
        ProfileDifference("soap_action", "", "go"),
    )


RETURNS = """<output message="t:out"/></operation>"""
MESSAGE = """<message name="out"><part name="rv"/><part name="Answer"/></message><portType"""


def test_output_parts_and_other_operations_are_told() -> None:
    """A return value beside the answer, an operation of a session: read past, and named."""
    text = RPC.replace('<input message="t:in1"/></operation>', '<input message="t:in1"/>' + RETURNS)
    text = text.replace("<portType", MESSAGE)
    text = text.replace(
        ' <binding name="other"',
        ' <binding name="x"><operation name="Connect_t"/></binding><binding name="o"',
    )
    found = parse_wsdl(text.encode())

    assert found.outputs == ("rv", "Answer")
    assert found.others == ("Connect_t",)
    assert found.xml_part == "Doc"


def test_each_operation_may_have_an_action_of_its_own() -> None:
    """The one that is called is sent."""
    found = parse_wsdl(RPC.replace('soapAction="go"', 'soapAction="plain"', 1).encode())
    plain, named = PrimaProfile(), PrimaProfile(with_company=True)

    assert found.applied_to(plain).soap_action == "plain"
    assert found.applied_to(named).soap_action == "go"


def test_a_wrapped_element_may_have_a_named_type() -> None:
    """As other SOAP libraries write it."""
    inside = '<complexType><sequence>\n  <element name="Doc"/></sequence></complexType></element>'
    assert inside in DOC
    apart = '<complexType name="t"><sequence><element name="Doc"/></sequence></complexType>'
    named = DOC.replace(
        'name="wsomhandler"><complexType>', 'name="wsomhandler" type="x:t"><complexType>', 1
    )
    text = named.replace(inside, "</element>" + apart)

    assert parse_wsdl(text.encode()).xml_part == "Doc"
    with pytest.raises(ValueError, match="wsomhandler has 0 parts"):
        parse_wsdl(text.replace('"x:t"', '"x:no"').encode())


@given(st.sampled_from(["a", "soapenv", "S-1", "_x"]), st.booleans())
def test_prefixes_mean_nothing(prefix: str, swapped: bool) -> None:
    """The same document under other prefixes, its operations the other way round."""
    text = RPC.replace("soap:", f"{prefix}:").replace("xmlns:soap=", f"xmlns:{prefix}=")
    if swapped:
        text = text.replace(
            '<part name="Doc"/><part name="Firm"/>', '<part name="Firm"/><part name="Doc"/>'
        )
    found = parse_wsdl(text.encode())

    assert found.company_first is swapped
    assert found.style is Style.RPC_LITERAL


def test_a_service_without_companies_leaves_those_settings() -> None:
    """A document style is the default of a binding that names none."""
    found = parse_wsdl(DOC.encode())

    assert found == ServiceDescription(Style.DOC_LITERAL, "urn:d", "Doc", "")
    assert [one.setting for one in found.differences(PrimaProfile())] == [
        "style",
        "namespace",
        "xml_part",
    ]


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (RPC, "wsomhandler", "other", "the operation wsomhandler in one SOAP 1.1 binding, found 0"),
        (RPC, 'use="literal"', 'use="odd"', "expected one of the styles"),
        (RPC, 'style="rpc"', 'style="document"', "expected a wrapped element of that name"),
        (RPC, '<part name="Doc"/></message>', "</message>", "wsomhandler has 0 parts"),
        (RPC, '<part name="Doc"/><part name="Firm"/>', '<part name="A"/>', "two parts"),
        (RPC, '<part name="Doc"/><part', '<part name="A"/><part', "two parts"),
        (RPC, 'message="t:in1"', 'message="t:no"', "the message of wsomhandler, found 0"),
        (RPC, '"urn:t:t"/></input></operation>\n </b', '"u"/></input></operation>\n </b', "differ"),
        (RPC, '<soap:binding style="rpc"/>', "<soap:binding/><soap:binding/>", "found 2"),
        (RPC, 'name="Doc"', 'name="Dóc"', "cannot be written"),
        (RPC, "</input></operation>", '<soap:header part="ID"/></input></operation>', "sessions"),
        (RPC, '/wsdl/"', '/wsdl2/"', "expected a WSDL 1.1 document"),
        (DOC, "qualified", "unqualified", "elementFormDefault qualified"),
        (DOC, '<element name="Doc"/>', "", "wsomhandler has 0 parts"),
        (DOC, "</definitions>", "", "no well-formed XML"),
        (DOC, "<types>", "<types>" + "<a>" * 40, "nested too deeply"),
        (DOC, "<definitions", "<!DOCTYPE x><definitions", "document type"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected(
    text: str, old: str, new: str, told: str
) -> None:
    """Nothing is guessed."""
    assert old in text
    with pytest.raises(ValueError, match=told):
        parse_wsdl(text.replace(old, new).encode())


@given(st.binary(max_size=80))
def test_noise_is_refused(data: bytes) -> None:
    """Whatever comes, it is a fault of the document."""
    with pytest.raises(ValueError, match=r"expected|no well-formed|declares|nested"):
        parse_wsdl(data)


def test_a_web_page_is_no_wsdl() -> None:
    """The list of services, or a server that is away, says so."""
    with pytest.raises(UnreadableError, match="a web page came") as caught:
        read(describe_service(), b"<html><body>Services</body></html>", headers=HTML)
    assert caught.value.effect is Effect.NONE
    with pytest.raises(UnavailableError, match=r"check prima\.url"):
        read(describe_service(), b"", status=404, headers=HTML)


def test_the_reason_of_a_refusal_is_told() -> None:
    """By the call as well."""
    with pytest.raises(UnreadableError, match=r"used: expected a WSDL 1\.1"):
        read(describe_service(), b"<a/>")


def test_a_description_has_a_cap() -> None:
    """It is read whole, so it must be small."""
    with pytest.raises(UnreadableError, match="larger than 50 bytes"):
        read(describe_service(cap=50), RPC.encode())
