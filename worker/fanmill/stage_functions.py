"""The functions of the stages, as the settings want them."""

from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.stages import Summarizer, redacting, tagging_by
from fanmill.plugins.choice import choose
from fanmill.plugins.time_limit import time_limit
from fanmill.settings import Settings
from fanmill.steps import Functions
from fanmill.tagger_set import taggers_of


def functions_of(settings: Settings) -> Functions:
    """Return what the stages do to a document, as the settings want it.

    Raises:
        ValueError: A setting names an unknown set of statistics or tagger, or a
            rules file with errors.
    """
    chosen = choose(settings.statistics)
    summarize = Summarizer(
        max_sentences=settings.summary_max_sentences,
        max_words=settings.summary_max_words,
        method=settings.summary_method,
        sets=chosen.built_in,
        plugins=chosen.plugins,
        limit=time_limit(settings.tagger_time_limit_seconds),
        problems=chosen.problems,
    )
    redacts = settings.redacts_personal_data
    return Functions(
        fingerprint=Fingerprinter,
        summarize=redacting(summarize) if redacts else summarize,
        tag=tagging_by(taggers_of(settings).taggers, redacts=redacts),
    )
