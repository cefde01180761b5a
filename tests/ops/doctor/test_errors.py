"""Errors of the server and of connections to it: each has its check, its cause and its advice."""

import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import exceptions as errors

from fanmill.ops.doctor.reach import Reach, obstacle, protocol_of
from fanmill.ops.doctor.refusal import ends_examination, explain
from fanmill.ops.doctor.result import CheckResult
from fanmill.ops.doctor.unreachable import judge_reach
from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.connections import NotPrimary, TLSFailed

PLAIN = ServerAddress.parse("redis://mill:secret@queue.example.org:6379/3")
TLS = ServerAddress.parse("rediss://mill:secret@queue.example.org:6379/0")
UNIX = ServerAddress.parse("unix:///run/valkey.sock")


def certificate_error(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, message)
    error.verify_message = message
    return error


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


REFUSALS = [
    (errors.AuthenticationError("Authentication required."), "server", "wants a password", "URL"),
    (
        errors.ResponseError("HELLO must be called with the client already authenticated"),
        "server",
        "wants a password",
        "redis://USER:PASSWORD@",
    ),
    (
        errors.AuthenticationError("invalid username-password pair or user is disabled."),
        "server",
        "user 'mill' is unknown",
        "ACL GETUSER mill",
    ),
    (
        errors.AuthenticationError("AUTH <password> called without any password configured"),
        "server",
        "knows none",
        "requirepass",
    ),
    (
        errors.ResponseError("DENIED Redis is running in protected mode because ..."),
        "server",
        "protected mode",
        "protected-mode no",
    ),
    (
        errors.NoPermissionError("User mill has no permissions to run the 'config|get' command"),
        "rights",
        "may not run 'config|get'",
        "ACL SETUSER mill '+config|get'",
    ),
    (
        errors.NoPermissionError("this user has no permissions to access the 'fanmill:x' key"),
        "rights",
        "the key 'fanmill:x'",
        "'~fanmill:*'",
    ),
    (
        errors.NoPermissionError("No permissions to access a key"),
        "rights",
        "namespace 'mill7'",
        "'~mill7:*'",
    ),
    (
        errors.NoPermissionError("No permissions to access a channel"),
        "rights",
        "a channel",
        "'&CHANNEL'",
    ),
    (errors.BusyLoadingError("Redis is loading the dataset"), "server", "loading", "wait"),
    (
        errors.ReadOnlyError("You can't write against a read only replica."),
        "replication",
        "read-only",
        "NO ONE",
    ),
    (
        caused(NotPrimary("x"), errors.ReadOnlyError("You can't write")),
        "replication",
        "read-only",
        "primary",
    ),
    (
        errors.ResponseError("script: a1, on @user_script:9. READONLY You can't write against"),
        "replication",
        "read-only",
        "primary",
    ),
    (
        errors.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
        "memory",
        "full",
        "CONFIG SET maxmemory",
    ),
    (
        errors.ResponseError("-OOM command not allowed when used memory > 'maxmemory'. script: a1"),
        "memory",
        "full",
        "fanmill rejected drop --all",
    ),
    (
        errors.ResponseError("MISCONF Redis is configured to save RDB snapshots, but ..."),
        "persistence",
        "MISCONF",
        "redis-cli BGSAVE",
    ),
    (
        errors.MasterDownError("Link with MASTER is down and replica-serve-stale-data is 'no'."),
        "replication",
        "lost its primary",
        "REPLICAOF NO ONE",
    ),
    (
        errors.ResponseError("BUSY Redis is busy running a script."),
        "server",
        "a script that does not end",
        "SCRIPT KILL",
    ),
    (errors.ClusterDownError("Hash slot not served"), "server mode", "cluster", "cluster-enabled"),
    (
        errors.ResponseError("SELECT is not allowed in cluster mode"),
        "server mode",
        "cluster",
        "FANMILL_INDEX_URL",
    ),
    (errors.ResponseError("DB index is out of range"), "server", "no database 3", "/0"),
    (errors.TimeoutError("Timeout reading from socket"), "server", "in time", "SLOWLOG"),
    (TimeoutError("timed out"), "server", "in time", "SLOWLOG"),
    (errors.ConnectionError("Connection closed by server."), "server", "breaks", "log"),
    (ConnectionResetError("reset"), "server", "breaks", "log"),
    (AttributeError("'bytes' object"), "server", "as no Redis does", "another program"),
    (errors.ResponseError("something new"), "server", "something new", "log"),
    (
        caused(TLSFailed("x"), certificate_error("self-signed certificate")),
        "server",
        "refused: self-signed certificate",
        "ssl_ca_certs",
    ),
    (
        certificate_error("Hostname mismatch, certificate is not valid for 'queue.example.org'."),
        "server",
        "refused: Hostname mismatch",
        "'queue.example.org'",
    ),
    (certificate_error("certificate has expired"), "server", "expired", "date -u"),
    (
        ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] alert certificate required"),
        "server",
        "a certificate from its clients",
        "ssl_certfile",
    ),
    (ssl.SSLError(1, "unsupported protocol"), "server", "TLS fails", "openssl s_client"),
]


@pytest.mark.parametrize(("error", "check", "seen", "advice"), REFUSALS)
def test_an_error_has_its_cause_and_its_advice(error, check, seen, advice):
    result = explain(error, PLAIN, "mill7")
    assert (result.check, result.level) == (check, "error")
    assert seen in result.seen
    assert advice in result.advice
    assert "secret" not in result.seen + result.advice


@given(
    st.text(), st.sampled_from([errors.ResponseError, errors.ConnectionError, OSError, ValueError])
)
def test_any_error_is_explained(text, kind):
    result = explain(kind(text), PLAIN, "fanmill")
    assert result.level == "error"
    assert result.seen
    assert result.advice


def test_an_answer_of_the_server_leaves_the_connection_usable():
    assert not ends_examination(errors.NoPermissionError("x"))
    assert not ends_examination(errors.ResponseError("x"))
    for error in (errors.ConnectionError("x"), errors.TimeoutError("x"), OSError(), TypeError()):
        assert ends_examination(error)


REACHES = [
    (PLAIN, Reach(obstacle="host-unknown", detail="d"), "is unknown: d", "getent hosts"),
    (PLAIN, Reach(obstacle="refused"), "refuses connections", "fanmill up"),
    (PLAIN, Reach(obstacle="timeout"), "within 2 s", "nc -zv queue.example.org 6379"),
    (PLAIN, Reach(obstacle="unreachable", detail="no route"), "no route", "ip route get"),
    (UNIX, Reach(obstacle="no-socket-file"), "unix:///run/valkey.sock", "unixsocket"),
    (UNIX, Reach(obstacle="socket-denied"), "may not be opened", "unixsocketperm"),
    (PLAIN, Reach(protocol="tls"), "speaks TLS", "rediss:// in place of redis://"),
    (TLS, Reach(protocol="redis"), "without TLS", "redis:// in place of rediss://"),
    (PLAIN, Reach(protocol="http"), "web server", "FANMILL_REDIS_URL"),
    (TLS, Reach(protocol="http"), "web server", "FANMILL_REDIS_URL"),
    (PLAIN, Reach(protocol="closed"), "closes the connection", "try again"),
    (PLAIN, Reach(protocol="silent"), "does not answer", "redis-cli -h queue.example.org"),
    (PLAIN, Reach(protocol="other", detail="SSH-2.0"), "SSH-2.0", "another program"),
    (
        PLAIN,
        Reach(protocol="redis", detail="-ERR max number of clients reached"),
        "no connection left",
        "maxclients",
    ),
]


@pytest.mark.parametrize(("address", "found", "seen", "advice"), REACHES)
def test_an_address_without_a_server_has_its_cause_and_its_advice(address, found, seen, advice):
    result = judge_reach(address, found)
    assert isinstance(result, CheckResult)
    assert (result.check, result.level) == ("server", "error")
    assert seen in result.seen
    assert advice in result.advice
    assert "secret" not in result.seen + result.advice


def test_a_server_of_the_protocol_asked_for_is_reached():
    assert judge_reach(PLAIN, Reach(protocol="redis", detail="+PONG")) is None
    assert judge_reach(TLS, Reach(protocol="tls")) is None


@pytest.mark.parametrize(
    ("first", "protocol"),
    [
        (b"", "closed"),
        (b"+PONG\r\n", "redis"),
        (b"-NOAUTH Authentication required.\r\n", "redis"),
        (b"-LOADING Redis is loading\r\n", "redis"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "tls"),
        (b"HTTP/1.1 400 Bad Request", "http"),
        (b"<html><body>", "http"),
        (b"SSH-2.0-OpenSSH", "other"),
        (b"\x15", "other"),
    ],
)
def test_the_protocol_is_known_by_its_first_bytes(first, protocol):
    assert protocol_of(first) == protocol


@given(st.binary(max_size=64))
def test_any_bytes_have_a_protocol(first):
    found = Reach(protocol=protocol_of(first))
    for address in (PLAIN, TLS):
        result = judge_reach(address, found)
        assert result is None or result.advice


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(-2, "Name or service not known"), "host-unknown"),
        (ConnectionRefusedError(), "refused"),
        (TimeoutError(), "timeout"),
        (FileNotFoundError(), "no-socket-file"),
        (PermissionError(), "socket-denied"),
        (OSError(113, "No route to host"), "unreachable"),
    ],
)
def test_a_failure_to_connect_has_its_kind(error, kind):
    assert obstacle(error) == kind
