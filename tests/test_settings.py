"""Settings: from the environment, checked against each other, passwords hidden."""

import pytest
from pydantic import ValidationError

from fanmill.setting_meanings import setting_meanings
from fanmill.setting_values import hide_secrets, setting_text
from fanmill.settings import Settings

SECRET = "s3cr3t/w@rd"


def test_the_environment_sets_values_under_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "FANMILL_REDIS_URL": "redis://example.org:6380/2",
        "FANMILL_NAMESPACE": "eu",
        "FANMILL_BATCH_MAX_DOCUMENTS": "8",
        "FANMILL_REDELIVER_AFTER_SECONDS": "12.5",
        "fanmill_task_time_limit_seconds": "10",
        "FANMILL_ON_DUPLICATE": "process",
        "NAMESPACE": "not ours",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.redis_url.get_secret_value() == "redis://example.org:6380/2"
    assert (settings.namespace, settings.batch_max_documents) == ("eu", 8)
    assert (settings.redeliver_after_seconds, settings.task_time_limit_seconds) == (12.5, 10.0)
    assert settings.on_duplicate == "process"
    assert settings.streams.ingested == "eu:document.ingested"


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANMILL_NAMESPACE", "environment")
    assert Settings(namespace="argument").namespace == "argument"


def test_defaults_are_consistent_and_local() -> None:
    settings = Settings()
    assert settings.redis_url.get_secret_value() == "redis://localhost:6379/0"
    assert settings.redeliver_after_seconds > settings.task_time_limit_seconds
    assert settings.max_in_flight >= settings.batch_max_documents


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("batch_max_documents", "0", "greater than or equal to 1"),
        ("batch_max_documents", "1001", "less than or equal to 1000"),
        ("batch_max_documents", "many", "valid integer"),
        ("batch_max_bytes", "0", "greater than or equal to 1"),
        ("max_in_flight", "-1", "greater than or equal to 1"),
        ("max_backlog", "-1", "greater than or equal to 1"),
        ("result_retention_days", "0", "greater than 0"),
        ("corpus_retention_days", "0", "greater than or equal to 1"),
        ("dedup_partition", "source,colour", "expected up to three of source, language"),
        ("statistics", "quality,vowls", "unknown set of statistics 'vowls' (FANMILL_STATISTICS)"),
        ("redis_url", "http://localhost", "url is 'http://...'; expected redis://HOST:PORT/DB"),
        ("index_url", "localhost:6379", "url is without a scheme; expected redis://"),
        ("redis_url", "redis://u:a/b@host", "percent-encoded"),
        ("redis_url", "redis://localhost:99999", "a URL with the port 99999; expected a port"),
        ("index_url", "redis+cluster://host:99999", "a URL with the port 99999"),
        ("max_deliveries", "1", "greater than or equal to 2"),
        ("redeliver_after_seconds", "0", "greater than 0"),
        ("redeliver_after_seconds", "inf", "finite"),
        ("task_time_limit_seconds", "nan", "finite"),
        ("idempotency_window_days", "0", "greater than 0"),
        ("on_duplicate", "drop", "'skip' or 'process'"),
        ("log_format", "xml", "'auto', 'json' or 'console'"),
        ("log_level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("namespace", "a b", "namespace is 'a b'; expected 1 to 64 letters, digits or _ . { } -"),
        ("namespace", "", "expected 1 to 64 letters"),
    ],
)
def test_a_value_out_of_its_range_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"FANMILL_{name.upper()}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    (error,) = caught.value.errors()
    assert error["loc"] == (name,)
    assert message in error["msg"]


LIMITS = (
    "max_backlog",
    "max_rejected",
    "summary_max_sentences",
    "summary_max_words",
    "processed_stream_maxlen",
    "worker_concurrency",
    "worker_max_batches",
)


@pytest.mark.parametrize("name", [*LIMITS, "result_retention_days"])
def test_an_empty_limit_is_no_limit_and_0_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"FANMILL_{name.upper()}", " ")
    assert getattr(Settings(), name) is None
    monkeypatch.setenv(f"FANMILL_{name.upper()}", "7")
    assert getattr(Settings(), name) == 7
    monkeypatch.setenv(f"FANMILL_{name.upper()}", "0")
    with pytest.raises(ValidationError, match="greater than"):
        Settings()


def test_no_number_of_the_settings_may_be_0() -> None:
    numbers = {
        name: field
        for name, field in Settings.model_fields.items()
        if isinstance(field.default, int | float) and not isinstance(field.default, bool)
    }
    assert len(numbers) > 15
    for name in {*numbers, *LIMITS}:
        with pytest.raises(ValidationError):
            Settings(**{name: 0})


@pytest.mark.parametrize(
    ("value", "names"),
    [("", ()), (" , ", ()), ("a", ("a",)), (" a ,b,, c ", ("a", "b", "c")), ("a b", ("a b",))],
)
@pytest.mark.parametrize("name", ["tagger_paths", "disabled_taggers"])
def test_lists_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv(f"FANMILL_{name.upper()}", value)
    assert getattr(Settings(), name) == names


def test_a_value_is_shown_as_the_environment_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Settings(statistics=("quality", "filters"), max_backlog=None, corpus_enabled=False)
    for name in Settings.model_fields:
        monkeypatch.setenv(f"FANMILL_{name.upper()}", setting_text(getattr(before, name)))
    assert Settings() == before


def test_redelivery_within_the_time_limit_is_refused() -> None:
    with pytest.raises(
        ValidationError,
        match=r"redeliver_after_seconds is 30 and task_time_limit_seconds 30; "
        r"the first must be above the second, or work in progress would be sent out again",
    ):
        Settings(redeliver_after_seconds=30, task_time_limit_seconds=30)
    assert Settings(redeliver_after_seconds=30.1, task_time_limit_seconds=30)


def test_a_batch_larger_than_what_may_be_in_flight_is_refused() -> None:
    with pytest.raises(
        ValidationError,
        match=r"max_in_flight is 10 and batch_max_documents 11; the first must not be below",
    ):
        Settings(max_in_flight=10, batch_max_documents=11)
    assert Settings(max_in_flight=10, batch_max_documents=10)


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.namespace = "another"  # type: ignore[misc]
    assert settings.namespace == "fanmill"


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="batch_documments"):
        Settings(batch_documments=1)  # type: ignore[call-arg]


def test_every_setting_says_what_it_is_for() -> None:
    assert set(setting_meanings()) == set(Settings.model_fields)
    assert all(setting_meanings().values())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://user@host/0", "redis://user@host/0"),
        ("redis://:hunter2@host:6379/1", "redis://:***@host:6379/1"),
        ("rediss://user:hunter2@host", "rediss://user:***@host"),
        ("rediss://user:hunter2@host?ssl_cert_reqs=none", "rediss://user:***@host?ssl_cert_reqs=none"),
        ("redis://user:hunter2@[::1]:6379/0", "redis://user:***@[::1]:6379/0"),
        ("unix:///run/valkey.sock?db=1", "unix:///run/valkey.sock?db=1"),
        ("unix://user:hunter2@/run/valkey.sock", "unix://user:***@/run/valkey.sock"),
    ],
)  # fmt: skip
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert hide_secrets(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        f"redis://user:{SECRET}@host:6379/0",
        f"redis://:{SECRET}@host",
        "redis://user:hunter2#1@host",
        "redis://user:hunter2?x@host",
        "unix:///run/valkey.sock?db=1&password=hunter2",
        "redis://host/0?username=u&password=hunter2",
        "hunter2",
        "redis:hunter2@host",
        "redis://:[hunter2@host",
    ],
)
def test_no_spelling_of_a_url_shows_its_password(url: str) -> None:
    shown = hide_secrets(url)
    assert "hunter2" not in shown
    assert "s3cr3t" not in shown
    assert "w@rd" not in shown
    assert "***" in shown


def test_passwords_are_hidden_wherever_settings_are_shown() -> None:
    settings = Settings(redis_url="redis://user:s3cr3t%2Fw%40rd@host:6379/0")
    for text in (
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        str(settings.without_secrets()),
    ):
        assert "s3cr3t" not in text
    assert set(settings.without_secrets()) == set(Settings.model_fields)


def test_a_mistake_beside_the_url_does_not_show_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FANMILL_REDIS_URL", "redis://:hunter2@h")
    monkeypatch.setenv("FANMILL_REDELIVER_AFTER_SECONDS", "1")
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value)
