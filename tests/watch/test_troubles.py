"""A server that goes away and comes back, and users that it refuses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from tcp_proxy import TcpProxy
from watch.conftest import Driver

User = Callable[[str, str], Settings]


@pytest.fixture
def user(
    redis: Redis, server: EmbeddedServer, settings: Settings, namespace: str
) -> Iterator[User]:
    """Return settings of a user with some rights."""
    made: list[str] = []

    def make(name: str, rights: str) -> Settings:
        made.append(f"{namespace}-{name}")
        redis.execute_command("ACL", "SETUSER", made[-1], "on", ">secret", *rights.split())
        url = f"redis://{made[-1]}:secret@127.0.0.1:{server.port}/0"
        return settings.model_copy(update={"redis_url": type(settings.redis_url)(url)})

    yield make
    for name in made:
        redis.execute_command("ACL", "DELUSER", name)


@pytest.fixture
def waiting(opened_mill: Mill) -> Mill:
    opened_mill.publish(ingested("document-1", "It waits."))
    return opened_mill


def test_the_last_numbers_stay_until_the_server_is_back(
    watched: Callable[..., None], waiting: Mill, server: EmbeddedServer, settings: Settings
) -> None:
    with TcpProxy(server.port) as proxy:
        url: Any = type(settings.redis_url)(proxy.url)

        async def steps(driver: Driver) -> None:
            await driver.goes("g", "l")
            await driver.sees("document-1")
            proxy.target = 1
            proxy.cut()
            await driver.until(lambda: "does not answer" in driver.attention(), "the banner")
            assert "TROUBLE Redis" in driver.attention()
            assert "fanmill doctor" in driver.attention()
            assert "The numbers below are those of" in driver.attention()
            await driver.sees("document-1", "away")
            waiting.publish(ingested("document-2", "It waits, too."))
            proxy.target = server.port
            await driver.sees("document-2", "live")
            assert "does not answer" not in driver.attention()

        away = settings.model_copy(update={"redis_url": url})
        watched(steps, settings=away, interval=0.2)


def test_a_user_who_may_not_read_is_told_which_rights_are_missing(
    watched: Callable[..., None], user: User
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.until(lambda: "Redis refuses" in driver.attention(), "the banner")
        assert "deploy/redis/users.acl" in " ".join(driver.attention().split())
        assert "does not answer" not in driver.attention()

    watched(steps, settings=user("nobody", "-@all +hello +auth +ping +client|setinfo"))


def test_an_act_that_the_server_refuses_is_a_message(
    watched: Callable[..., None], waiting: Mill, user: User, redis: Redis, keys: Keys
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "l")
        await driver.press("X", "enter", "y")
        await driver.told("Not done. Redis refuses", "users.acl")
        assert redis.xlen(keys.ingested) == 1

    watched(steps, "operator", settings=user("looker", "~* +@read -@write +info +time +eval_ro "
            "+evalsha_ro +multi +exec +ping +hello +client|setinfo +select"))  # fmt: skip


def test_a_wrong_password_is_named(
    watched: Callable[..., None], user: User, settings: Settings
) -> None:
    url: Any = user("anna", "+@all").redis_url.get_secret_value().replace("secret", "wrong")

    async def steps(driver: Driver) -> None:
        await driver.until(lambda: "password" in driver.attention(), "the banner")
        assert "wrong" not in driver.attention()

    watched(steps, settings=settings.model_copy(
        update={"redis_url": type(settings.redis_url)(url)}))  # fmt: skip


def test_data_that_cannot_be_read_is_a_line_and_no_end(
    watched: Callable[..., None], redis: Redis, keys: Keys
) -> None:
    RedisStores(redis, keys).ledger.open()
    aside = {
        "sink": "main",
        "stream": "from a later version",
        "id": "1-0",
        "error": "",
        "event": "",
    }
    redis.xadd(keys.unreadable, aside)

    async def steps(driver: Driver) -> None:
        await driver.press("g", "r")
        await driver.until(lambda: "cannot be shown" in driver.attention(), "the line")
        await driver.goes("g", "o")
        await driver.sees("Oldest waiting")

    watched(steps)
