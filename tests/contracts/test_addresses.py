"""URLs: every form works or is refused with a sentence that shows no secret."""

import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.errors import ContractError, InvalidArgument


def test_a_url_is_taken_apart() -> None:
    url = (
        "rediss://fan:p%2Fw%40%3A@db.example:6380/3?protocol=3&socket_timeout=2.5&client_name=a%20b"
        "&health_check_interval=10&max_connections=7&ssl_cert_reqs=CERT_REQUIRED&ssl_check_hostname=no"
    )
    address = ServerAddress.parse(url)
    assert (address.scheme, address.host, address.port, address.db) == (
        "rediss",
        "db.example",
        6380,
        3,
    )
    assert (address.username, address.password) == ("fan", "p/w@:")
    assert dict(address.options) == {
        "protocol": 3,
        "socket_timeout": 2.5,
        "client_name": "a b",
        "health_check_interval": 10,
        "max_connections": 7,
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": False,
    }
    assert str(address) == "rediss://db.example:6380/3"
    assert "p/w" not in repr(address)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://", "redis://localhost:6379/0"),
        ("redis://host", "redis://host:6379/0"),
        ("redis://host:1/", "redis://host:1/0"),
        ("redis://host?db=4", "redis://host:6379/4"),
        ("redis://host/4?db=4", "redis://host:6379/4"),
        ("redis://:secret@host", "redis://host:6379/0"),
        ("redis://host?password=secret&username=u", "redis://host:6379/0"),
        ("redis://[::1]:7/2", "redis://[::1]:7/2"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock"),
        ("unix://u:secret@/run/valkey.sock?db=2", "unix:///run/valkey.sock?db=2"),
        ("unix:///run/a%20b.sock", "unix:///run/a b.sock"),
    ],
)
def test_every_usual_form_is_accepted(url: str, shown: str) -> None:
    assert str(ServerAddress.parse(url)) == shown


@pytest.mark.parametrize("spelling", ["required", "CERT_REQUIRED", "cert_required", "REQUIRED"])
def test_both_spellings_of_certificate_checks_mean_the_same(spelling: str) -> None:
    address = ServerAddress.parse(f"rediss://host?ssl_cert_reqs={spelling}")
    assert address.options["ssl_cert_reqs"] == "required"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://host", "'http://...'; expected redis://"),
        ("host:6379", "without a scheme; expected redis://"),
        ("", "without a scheme"),
        ("redis://host:99999", "a URL with the port 99999; expected a port from 1 to 65535"),
        ("redis://host:0", "the port 0"),
        ("redis://host:text", "a URL whose port is text"),
        ("redis://host/abc", "the database 'abc'"),
        ("redis://host/1?db=2", "the databases 1 and db=2"),
        ("redis://host?db=-1", "db='-1'; expected a whole number of at least 0 as db"),
        ("redis://host?protocol=4", "protocol='4'; expected one of 2, 3"),
        ("redis://host?socket_timeout=soon", "socket_timeout='soon'; expected a number of seconds"),
        ("redis://host?socket_timeout=nan", "socket_timeout='nan'"),
        ("redis://host?socket_timeout=0", "socket_timeout='0'"),
        ("redis://host?tomeout=3", "unknown option 'tomeout'; expected one of client_name, db"),
        ("redis://host?db=1&db=2", "repeats the option 'db'"),
        ("redis://host?ssl_cert_reqs=required", "expected rediss:// for TLS"),
        ("rediss://host?ssl_cert_reqs=sometimes", "expected one of none, optional, required"),
        ("unix://", "without an absolute path"),
        ("unix://run/valkey.sock", "without an absolute path"),
        ("redis://[::1", "not a URL"),
        ("redis://:hush/secret@host:6379/0", "percent-encoded (%2F"),
        ("redis://user:1234/secret@host:6379/0", "percent-encoded (%2F"),
        ("redis://user:1234?secret@host:6379/0", "percent-encoded (%2F"),
        ("redis://user:1234#secret@host:6379/0", "percent-encoded (%2F"),
        ("redis://user:se[cret@host:6379/0", "percent-encoded (%2F"),
        ("redis://:secret?x@host", "percent-encoded (%2F"),
    ],
)
def test_an_unusable_url_is_refused_with_its_reason_and_without_its_secrets(
    url: str, told: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        ServerAddress.parse(url, "FANMILL_REDIS_URL")
    text = str(caught.value)
    assert text.startswith("FANMILL_REDIS_URL is ")
    assert told in text
    assert "secret" not in text
    assert "hush" not in text
    assert caught.value.__cause__ is None
    assert isinstance(caught.value, ContractError)
    assert isinstance(caught.value, ValueError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == text  # noqa: S301  our own


@given(st.text(alphabet="redis:/?#[]@%&=0123456789.s-_ \x00é", max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    for url in (text, f"redis://{text}", f"rediss://:{text}@host/1", f"unix:///{text}"):
        with suppress(InvalidArgument):
            assert str(ServerAddress.parse(url))


@given(st.text(min_size=1, max_size=20))
def test_a_secret_in_any_place_is_never_shown(rest: str) -> None:
    for url in (
        f"redis://user:hushhush{rest}@host:6379/0",
        f"redis://:{rest}hushhush@host:x/0",
        f"rediss://u:hushhush@host{rest}",
    ):
        try:
            shown = f"{ServerAddress.parse(url)!r} {ServerAddress.parse(url)}"
        except InvalidArgument as error:
            shown = str(error)
        assert "hushhush" not in shown
