"""How Prima is reached, and what a profile may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.errors import ConfigError
from oro_prima.prima.config import PrimaConfig, service_url
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import Secret


@pytest.mark.parametrize(
    "text",
    [
        "https://erp.example:8080/wsalive/wsalive",
        " https://erp.example:8080/wsalive/wsalive/ ",
        "https://erp.example:8080/wsalive/wsalive/wsdl",
        "https://erp.example:8080/wsalive/wsalive/wsdl/?targetURI=urn:omlink#x",
    ],
)
def test_an_address_is_the_one_that_is_posted_to(text: str) -> None:
    """`/wsdl`, a query, and slashes at the end are taken off."""
    assert PrimaConfig(text).url == "https://erp.example:8080/wsalive/wsalive"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "erp.example/x",
        "ftp://erp.example/x",
        "https://",
        "https://user:secret@erp.example/x",
        "https://@erp.example/x",
        "https://erp.example:99999/x",
        "https://erp.example:0/x",
        "https://[::1/x",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """The message names the setting, and never what was written there."""
    with pytest.raises(ConfigError, match=r"prima\.url: expected an address such as") as caught:
        PrimaConfig(text)

    assert "secret" not in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_a_fault(text: str) -> None:
    """Nothing else is raised, and an address is settled by one pass."""
    try:
        url = service_url(text)
    except ConfigError:
        return
    assert service_url(url) == url


def test_http_is_an_explicit_choice() -> None:
    """Without TLS an order travels in the clear; even on loopback somebody says so."""
    with pytest.raises(ConfigError, match=r"prima\.allow_http = true"):
        PrimaConfig("http://127.0.0.1:8080/a/b")

    assert PrimaConfig("http://127.0.0.1:8080/a/b", allow_http=True).url.startswith("http:")


def test_secrets_do_not_show_themselves() -> None:
    """Neither the password nor the header fields of a proxy."""
    config = PrimaConfig(
        "https://erp.example", username="u", password=Secret("hush"), headers=(("X-Key", "hush"),)
    )

    assert "hush" not in repr(config)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"xml_part": "Request XML"}, "prima.profile.xml_part"),
        ({"xml_part": "Requête"}, "prima.profile.xml_part"),
        ({"company_part": ""}, "prima.profile.company_part"),
        ({"company_part": "RequestXML"}, "another name than xml_part"),
        ({"namespace": ""}, "prima.profile.namespace"),
        ({"namespace": "urn: x"}, "prima.profile.namespace"),
        ({"soap_action": 'a"b'}, "prima.profile.soap_action"),
        ({"soap_action": "a\r\nX-Other: b"}, "prima.profile.soap_action"),
        ({"extras": (("Order", "Season", "AW"),)}, "expected one of the elements Data"),
        ({"extras": (("Data", "a b", "AW"),)}, "expected the name of an attribute"),
        ({"extras": (("Data", "customer", ""),)}, "identifies the order"),
        ({"extras": (("Data", "TPGUID", "x"),)}, "identifies the order"),
    ],
)
def test_a_profile_that_cannot_be_written_is_refused(changed: dict[str, object], told: str) -> None:
    """The message names the setting."""
    with pytest.raises(ConfigError) as caught:
        PrimaProfile(**changed)  # type: ignore[arg-type]

    assert told in str(caught.value)


def test_all_faults_of_a_profile_come_at_once() -> None:
    """They are mended in one go."""
    with pytest.raises(ConfigError) as caught:
        PrimaProfile(namespace="", xml_part="", extras=(("x", "y", "z"), ("Data", "", "z")))

    assert len(caught.value.faults) == 4


def test_an_extra_of_a_line_may_be_called_like_an_identity() -> None:
    """Only the order's own identifiers are kept."""
    assert PrimaProfile(extras=(("OrderLineData", "Customer", "x"),)).extras


def test_a_key_needs_a_certificate() -> None:
    """The other way round they may be one file."""
    with pytest.raises(ConfigError, match=r"prima\.certificate: required"):
        PrimaConfig("https://erp.example/wsa", certificate_key="key.pem")
    assert PrimaConfig("https://erp.example/wsa", certificate="both.pem").connections == 1
