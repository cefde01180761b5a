"""Work of child processes; spawned ones import it by name."""

import pickle


def send_records(pickled, documents, pipe):
    """Send the records that a pickled Mill makes of documents."""
    mill = pickle.loads(pickled)  # noqa: S301
    pipe.send([each.json for each in mill.process(documents)])
