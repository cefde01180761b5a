"""`fanmill rejected groups` shows the causes of all rejections."""

from builders import Mill, RedisStores, ingested
from fanmill.ops.group_repair import GroupRepair


def test_groups_are_shown_with_counts_and_a_sample(fanmill, redis, keys):
    assert fanmill("rejected", "groups").code == 0
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(*(ingested(f"d{at}", f"{at} refused by tag") for at in range(3)))
    stores.add(b"{bad \x1b[31m")
    mill.run()
    rows = fanmill("rejected", "groups", "--json").rows
    assert [(row["reason"], row["open"], row["ever"]) for row in rows] == [
        ("stage-failed", 3, 3),
        ("malformed-event", 1, 1),
    ]
    assert rows[0]["frame"].startswith("fanmill.steps.")
    assert sum(rows[0]["trend"]) == 3
    shown = fanmill("rejected", "show", rows[0]["sample"], "--json").rows[0]
    assert shown["group"] == rows[0]["group"]
    table = fanmill("rejected", "groups")
    assert "4 rejections in 2 groups" in table.err
    assert "Refused" in table.out
    assert "\x1b" not in table.out
    assert "another program" not in table.err
    failed = [each.id for each in stores.rejections.entries() if each.group == rows[0]["group"]]
    assert redis.xdel(keys.rejected, *failed) == 3
    assert "another program removed 3 rejections" in fanmill("rejected", "groups").err
    assert GroupRepair(redis, keys).look()
    assert "1 rejection in 1 group" in fanmill("rejected", "groups").err
    assert fanmill("rejected", "drop", rows[1]["sample"], "--yes").code == 0
    assert fanmill("rejected", "groups", "--json").rows == []
    assert [row["open"] for row in fanmill("rejected", "groups", "--all", "--json").rows] == [0, 0]
