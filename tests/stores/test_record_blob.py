"""The compressed form of records, used by several threads at once."""

from concurrent.futures import ThreadPoolExecutor

from fanmill.stores.record_blob import RecordCoder


def test_coders_of_several_threads_do_not_disturb_each_other() -> None:
    texts = [
        b'{"document_id":"d%d","text":"%s"}' % (number, b"ab" * number) for number in range(300)
    ]

    def round_trips(_: int) -> bool:
        # A coder for each text: making one must not free what others are using.
        for text in texts:
            coder = RecordCoder()
            if coder.decompressed(coder.compressed(text)) != text:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(round_trips, range(24)))
