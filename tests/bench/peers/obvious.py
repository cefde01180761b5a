"""The obvious service: duplicates by datasketch, language, readability and keyphrases per document.

Runs in the environment of `requirements.txt`, without fanmill. The queues of `queues.py` call
`process` for each document.
"""

import json
import re
from functools import cache
from os import environ
from typing import Any
from urllib.parse import urlsplit

import jieba
import langdetect
import textstat
import yake
from datasketch import MinHash, MinHashLSH
from redis import Redis
from textstat.backend.counts import _count_syllables

PERMUTATIONS = 128
THRESHOLD = 0.7
SHINGLE = 5
WORD = re.compile(r"\w+")
SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")  # noqa: RUF001

# textstat would download CMU's dictionary of pronunciations. Without an entry it counts by Pyphen,
# as it does for all words that the dictionary lacks; that is no slower.
_count_syllables.get_cmudict = lambda _lang: {}


def connection() -> dict[str, Any]:
    """Return the server's address as arguments of `Redis`."""
    url = urlsplit(environ["FANMILL_REDIS_URL"])
    return {"host": url.hostname, "port": url.port}


@cache
def redis() -> Redis:
    """Return the client of this process."""
    return Redis(**connection())


@cache
def index() -> MinHashLSH:
    """Return the index on the server, shared by all processes."""
    storage = {"type": "redis", "basename": b"bench", "redis": connection()}
    return MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, storage_config=storage)


@cache
def extractor(language: str) -> yake.KeywordExtractor:
    """Return YAKE's extractor of a language."""
    return yake.KeywordExtractor(lan=language, n=3, top=10)


def process(event: str) -> None:
    """Work a document and store its result."""
    document = json.loads(event)["data"]
    name, text = document["document_id"], document["text"]
    language = langdetect.detect(text).split("-")[0]
    words = jieba.lcut(text) if language == "zh" else WORD.findall(text.lower())
    signature = MinHash(num_perm=PERMUTATIONS)
    count = max(1, len(words) - SHINGLE + 1)
    signature.update_batch([" ".join(words[at : at + SHINGLE]).encode() for at in range(count)])
    found = index().query(signature)
    if found:
        result: dict[str, Any] = {"duplicate_of": found[0]}
    else:
        index().insert(name, signature, check_duplication=False)
        result = analysis(text, words, language)
    redis().set(f"result:{name}", json.dumps({"language": language, **result}))
    redis().incr("done")


def analysis(text: str, words: list[str], language: str) -> dict[str, Any]:
    """Return statistics, a lead summary and keyphrases."""
    measured: dict[str, float] = {
        "words": textstat.lexicon_count(text),
        "sentences": textstat.sentence_count(text),
        "characters": textstat.char_count(text),
    }
    if language == "zh":
        # YAKE needs spaces between words. textstat's formulas do not know Chinese.
        text = " ".join(words)
    else:
        measured["flesch_reading_ease"] = textstat.flesch_reading_ease(text)
        measured["flesch_kincaid_grade"] = textstat.flesch_kincaid_grade(text)
        measured["gunning_fog"] = textstat.gunning_fog(text)
        measured["smog_index"] = textstat.smog_index(text)
        measured["dale_chall"] = textstat.dale_chall_readability_score(text)
    return {
        "statistics": measured,
        "summary": SENTENCE.split(text, maxsplit=3)[:3],
        "keyphrases": extractor(language).extract_keywords(text),
    }
