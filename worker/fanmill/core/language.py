"""Which language a text is written in.

Two detectors stand behind one interface: eldc where it is installed (60
languages, microseconds), py3langid elsewhere (no wheel of eldc exists for ARM
Linux or Python 3.14). The choice is made once per process, at first use.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Final, Protocol

try:
    import eldc
except ImportError:
    eldc = None

UNDETERMINED: Final = "und"
"""ISO 639-2 for `undetermined`: there are no letters, or none that any language explains."""

WINDOW_BYTES: Final = 1000
"""What eldc reads of a text (UTF-8 bytes): an English header would hide a Chinese article.
So up to three windows of this many characters vote: the start, the middle and the end."""

_BYTES_PER_EVIDENCE: Final = 4
"""How many bytes make one independent piece of evidence for the margin of two languages."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
# eldc ends at NUL as C strings do, and UTF-8 has no lone surrogates.
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how sure the detector is.

    Attributes:
        code: ISO 639-1 where it exists, `und` where nothing could be told.
        confidence: 0.0 to 1.0, 0.0 for `und`. Near 1.0 from a paragraph on;
            low for single words and for close relatives (Hindi and Marathi).
    """

    code: str
    confidence: float


NO_LANGUAGE: Final = Language(UNDETERMINED, 0.0)


class Detector(Protocol):
    """Judges one window of at most about 1,000 characters."""

    @property
    def library(self) -> str:
        """Distribution and version, such as `eldc 0.4.0`."""

    def judge(self, window: str) -> Language:
        """Return the likeliest language of a window that has a letter."""


class EldcDetector:
    """Efficient Language Detector. Its tables are static: safe before and after a fork."""

    def __init__(self) -> None:
        eldc.init()
        # An instance of our own: settings of the module are everybody's.
        self._instance = eldc.instance()
        self._instance.set_scores(2)
        self.library = f"eldc {version('eldc')}"

    def judge(self, window: str) -> Language:
        """Return the best language; its margin over the second gives the confidence.

        Scores are means over n-grams and do not grow with the text, so the
        ratio of the two best is raised to the amount of evidence.
        """
        readable = _UNREADABLE.sub(" ", window)
        result = self._instance.detect_details(readable)
        scores: dict[str, float] = result.scores
        if not scores:
            return NO_LANGUAGE
        code, *others = sorted(scores, key=lambda code: (-scores[code], code))
        if not others:
            return Language(code, scores[code])
        size = min(len(readable.encode()), WINDOW_BYTES)
        ratio = scores[others[0]] / scores[code]
        return Language(code, 1.0 - ratio ** (1 + size / _BYTES_PER_EVIDENCE))


class LangidDetector:
    """py3langid, a naive Bayes model of 130 languages; half a second to load, then 0.1 ms."""

    def __init__(self) -> None:
        # Here, for it brings numpy, which a process with eldc should not load.
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.library = f"py3langid {version('py3langid')}"

    def judge(self, window: str) -> Language:
        """Return the language of the highest posterior, which is the confidence."""
        code, probability = self._identifier.classify(_UNREADABLE.sub(" ", window))
        if code == "zxx":  # ISO 639-2 for `no linguistic content`
            return NO_LANGUAGE
        return Language(code, min(max(float(probability), 0.0), 1.0))


@cache
def detector() -> Detector:
    """Return this process's detector: eldc if it is installed, otherwise py3langid."""
    return LangidDetector() if eldc is None else EldcDetector()


def detect(text: str) -> Language:
    """Return the main language of a text; `und` with 0.0 when it has no letters.

    Windows vote with their confidence. The confidence of the outcome is the
    mean over the windows of what each gave to the winner, so windows that
    disagree lower it.
    """
    if not _LETTER.search(text):
        return NO_LANGUAGE
    judge = detector().judge
    judged = [judge(window) for window in _windows(text)]
    decided = [language for language in judged if language.code != UNDETERMINED]
    if not decided:
        # Tables, code or digits may fill all windows: gather words from the whole text.
        decided = [judge(_gathered_words(text))]
    votes: dict[str, float] = {}
    for language in decided:
        votes[language.code] = votes.get(language.code, 0.0) + language.confidence
    winner = max(votes, key=votes.__getitem__)
    if winner == UNDETERMINED:
        return NO_LANGUAGE
    return Language(winner, min(1.0, round(votes[winner] / len(decided), 6)))


def _windows(text: str) -> Iterator[str]:
    yield text[:WINDOW_BYTES]
    if len(text) > WINDOW_BYTES or len(text.encode("utf-8", "surrogatepass")) > WINDOW_BYTES:
        # Windows of non-Latin text are longer than what is read of them: fewer
        # characters let the last one reach nearer to the end.
        size = WINDOW_BYTES if text.isascii() else WINDOW_BYTES // 2
        middle = max(0, (len(text) - size) // 2)
        yield text[middle : middle + size]
        yield text[-size:]


def _gathered_words(text: str) -> str:
    gathered: list[str] = []
    size = 0
    for match in _LETTERS.finditer(text):
        gathered.append(match[0][:WINDOW_BYTES])
        size += len(gathered[-1]) + 1
        if size > WINDOW_BYTES:
            break
    return " ".join(gathered)
