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

from fanmill.core.language.rare import FAMILIAR, NEIGHBOURS, STRANGE, rare_language

try:
    import eldc
except ImportError:
    eldc = None

UNDETERMINED: Final = "und"
"""ISO 639-2 for `undetermined`: there are no letters, or none that any language explains."""

WINDOW_BYTES: Final = 1000
"""What eldc reads of a text (UTF-8 bytes): an English header would hide a Chinese article.
So parts from all over the text vote."""

MAX_PARTS: Final = 24
MIN_PART_LENGTH: Final = 160
"""Code points; below it relatives such as Danish and Norwegian are told apart badly."""
MAX_PART_LENGTH: Final = 480
MANY_PARTS: Final = 8
ENOUGH_OF_MANY: Final = 240
"""Code points looked at in each of more than so many parts: the vote is of all of them."""

_CLOSE: Final = 0.85
"""Share of the best score from which a declared language is taken for the right one."""
_MIN_LETTERS: Final = 24
"""Letters beside Chinese or the like that are more than a name."""
_TRUST: Final = 0.5
"""Power of the confidence in a vote: size counts for more than what is told apart easily."""
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_NOT_DENSE: Final = bytes({*range(256)} - {*range(0xE3, 0xEE)})
"""Bytes that begin none of those characters in UTF-8, nor stand in the middle of one."""
_DENSE_ENOUGH: Final = 160
"""Characters of these by which Chinese, Japanese and Korean are told apart for sure."""
_DENSE_GAIN: Final = 1.0
"""One Chinese character says as much as two and a half letters: their headers look short."""

_DIGITS_FROM: Final = 6
"""One digit in so many bytes, and what has digits in it is no word: identifiers, codes, tables."""
_MIN_WORDS: Final = 4
"""Different words of a table or a list of addresses; fewer are names of columns."""
_MAX_GATHERED_FROM: Final = 200_000
_CODES: Final = re.compile(
    r"(?<![!-~])(?:[!-/:-~]*+\d|[!-9;-~]*+://)[!-~]*+"  # ASCII between spaces or other letters
)
_TELLING: Final = 80
"""Bytes from which the score itself tells whether a text is of a language that is known."""
_RARE_CONFIDENCE: Final = 0.9
_BYTES_PER_EVIDENCE: Final = 4
"""How many bytes make one independent piece of evidence for the margin of two languages."""

_INDONESIAN: Final = re.compile(
    r"\b(?:bisa|karena|bahwa|uang|mobil|kantor|saat|setelah|perusahaan|pemerintah|kota|provinsi|"
    r"ujar|cuma|beda|berbeda|dolar|warga|mulai|apakah|kapan|mengatakan|terkait|dirinya|yakni|kalau|"
    r"rumah sakit|sepak bola|kini|kemarin|sekolah dasar|nomor|televisi|polisi|jakarta|rupiah|anda|"
    r"kalian|enggak|\w{4,}itas|"
    r"anggota|pihaknya|senin|selasa|rabu|"
    r"minggu lalu|jumat|agustus|oktober|desember|maret|juni|juli|resmi|miliar|triliun)\b",
    re.IGNORECASE,
)
_MALAY: Final = re.compile(
    r"\b(?:boleh|kerana|bahawa|wang|kereta|pejabat|ketika|selepas|syarikat|kerajaan|bandar|negeri|"
    r"ialah|tiada|sahaja|adakah|bila|berkata|daripada|manakala|beliau|isnin|khamis|jumaat|ogos|"
    r"oktober|disember|mac|jun|julai|polis|hospital|bola sepak|kementerian|berjaya|pelbagai|mahu|"
    r"beritahu|bagaimanapun|iaitu|nombor|ekoran|ringgit|kuala lumpur|datuk|setiausaha|jawatankuasa|"
    r"awak|tidakkah|pihak berkuasa|\w{4,}iti|\w{4,}syen|\w{3,}port|"
    r"walaupun|sekiranya|kakitangan|bernama|rasmi|bilion|trilion)\b",
    re.IGNORECASE,
)
"""Words that tell Indonesian and Malay apart: eldc knows one language for both."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_PLAIN: Final = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF)),
}
"""Full-width letters as they are meant, and without soft hyphens and what else is not seen."""
_ODD_SIGNS: Final = "\u00ad\u200b\u2060\ufeff\uff41\uff45\uff4f\uff21\uff25\uff2f"
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

    def judge(self, window: str, hint: str = "") -> Language:
        """Return the likeliest language of a window that has a letter.

        A language given as `hint` wins when it is about as likely as the best.
        """


class EldcDetector:
    """Efficient Language Detector. Its tables are static: safe before and after a fork."""

    def __init__(self) -> None:
        eldc.init()
        # An instance of our own: settings of the module are everybody's.
        self._instance = eldc.instance()
        self._instance.set_scores(2)
        self.library = f"eldc {version('eldc')}"

    def judge(self, window: str, hint: str = "") -> Language:
        """Return the best language; its margin over the second gives the confidence.

        Scores are means over n-grams and do not grow with the text, so the
        ratio of the two best is raised to the amount of evidence.
        """
        readable, encoded = _readable(window)
        if not encoded:
            return NO_LANGUAGE
        scores: dict[str, float] = self._instance.detect_details(readable).scores
        ranked = sorted([(-score, code) for code, score in scores.items()])
        score, code = (-ranked[0][0], ranked[0][1]) if ranked else (0.0, UNDETERMINED)
        size = min(len(encoded), WINDOW_BYTES)
        if score < FAMILIAR or code in NEIGHBOURS:
            rare = rare_language(readable, code, score)
            if rare is not None:
                return Language(rare, _RARE_CONFIDENCE)
            if not ranked or (size >= _TELLING and score < STRANGE and hint != code):
                return NO_LANGUAGE
        if code == "ms" and _is_indonesian(readable, hint):
            code = "id"
            scores[code] = scores.pop("ms")
        if hint != code and scores.get(hint, 0.0) >= _CLOSE * scores[code]:
            # Declared and hardly less likely: no better than even.
            return Language(hint, 0.5)
        if len(ranked) == 1:
            return Language(code, scores[code])
        ratio = ranked[1][0] / ranked[0][0]
        margin = 1.0 - ratio ** (1 + size / _BYTES_PER_EVIDENCE)
        # A low score on much text: names, code, or a language that is not among those known.
        familiar = min(1.0, score / FAMILIAR) if size >= _TELLING else 1.0
        return Language(code, margin * familiar)


def _is_indonesian(window: str, hint: str) -> bool:
    for_id, for_ms = len(_INDONESIAN.findall(window)), len(_MALAY.findall(window))
    # Seven times as many people write Indonesian.
    return for_id > for_ms or (for_id == for_ms and hint != "ms")


def _readable(window: str) -> tuple[str, bytes]:
    """Return a window as the detector can read it, also in UTF-8; empty if it has no words."""
    try:
        encoded = window.encode()
    except UnicodeEncodeError:
        encoded = b"\0"
    if b"\0" in encoded:
        window = _UNREADABLE.sub(" ", window)
        encoded = window.encode()
    digits = len(encoded) - len(encoded.translate(None, b"0123456789"))
    if _DIGITS_FROM * digits > len(encoded) or b"://" in encoded:
        size = len(encoded)
        window = _CODES.sub(" ", window)
        encoded = window.encode()
        words = len(set(_LETTERS.findall(window)))
        if not _LETTER.search(window) or (size >= _TELLING and words < _MIN_WORDS):
            return "", b""
    return window, encoded


class LangidDetector:
    """py3langid, a naive Bayes model of 130 languages; half a second to load, then 0.1 ms."""

    def __init__(self) -> None:
        # Here, for it brings numpy, which a process with eldc should not load.
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.library = f"py3langid {version('py3langid')}"

    def judge(self, window: str, hint: str = "") -> Language:
        """Return the language of the highest posterior, which is the confidence."""
        readable, encoded = _readable(window)
        if not encoded:
            return NO_LANGUAGE
        code, probability = self._identifier.classify(readable)
        if code == "zxx":  # ISO 639-2 for `no linguistic content`
            return NO_LANGUAGE
        if hint and hint != code and probability < _CLOSE:
            ranked = dict(self._identifier.rank(readable))
            if ranked.get(hint, 0.0) >= _CLOSE * probability:
                return Language(hint, min(max(float(ranked[hint]), 0.0), 1.0))
        return Language(code, min(max(float(probability), 0.0), 1.0))


@cache
def detector() -> Detector:
    """Return this process's detector: eldc if it is installed, otherwise py3langid."""
    return LangidDetector() if eldc is None else EldcDetector()


def detect(text: str, declared: str | None = None) -> Language:
    """Return the main language of a text; `und` with 0.0 when it has no letters.

    Args:
        text: Of any length; of long ones up to 25 parts are looked at.
        declared: What the producer takes it for: decides between languages that
            the detector can hardly tell apart, and is no more than that.
    """
    return survey(text, declared).main


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text in one language; `weight` is how much it says."""

    start: int
    end: int
    language: Language
    weight: float


@dataclass(frozen=True, slots=True)
class Survey:
    """The main language of a text, and the languages of its parts in text order."""

    main: Language
    parts: tuple[Part, ...] = ()


def survey(text: str, declared: str | None = None) -> Survey:
    """Return the languages of a text; no parts for a text without letters.

    Parts vote with their weight and confidence. The confidence of the outcome
    is the weighted mean of what each part gave to the winner, so parts that
    disagree lower it.
    """
    if not _LETTER.search(text):
        return Survey(NO_LANGUAGE)
    instrument = detector()
    hint = (declared or "").partition("-")[0].lower()
    parts = []
    is_odd = not text.isascii() and any(sign in text for sign in _ODD_SIGNS)
    stretches = list(_stretches(text))
    looked_at = ENOUGH_OF_MANY if len(stretches) > MANY_PARTS else WINDOW_BYTES
    for start, end in stretches:
        stretch = text[start : min(end, start + looked_at)]
        if is_odd and any(sign in stretch for sign in _ODD_SIGNS):
            stretch = stretch.translate(_PLAIN)
        for portion, weight in _portions(stretch):
            judged = instrument.judge(portion, hint)
            if judged.code != UNDETERMINED:
                parts.append(Part(start, end, judged, weight * (end - start) / len(stretch)))
    if not parts:
        # Tables, code or digits may fill all windows: gather words from the whole text.
        judged = instrument.judge(_gathered_words(text), hint)
        return Survey(judged) if judged.code != UNDETERMINED else Survey(NO_LANGUAGE)
    votes: dict[str, float] = {}
    for part in parts:
        votes[part.language.code] = (
            votes.get(part.language.code, 0.0) + part.weight * part.language.confidence**_TRUST
        )
    winner = max(votes, key=votes.__getitem__)
    agreeing = sum(
        part.weight * part.language.confidence for part in parts if part.language.code == winner
    )
    share = agreeing / sum(part.weight for part in parts)
    return Survey(Language(winner, min(1.0, round(share, 6))), tuple(parts))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield up to 25 stretches of a text, cut at line ends or spaces where there are any."""
    size = len(text)
    shortest = max(MIN_PART_LENGTH, size // MAX_PARTS)
    longest = max(MAX_PART_LENGTH, size // MAX_PARTS)
    start = 0
    while start < size:
        if size - start <= shortest + shortest // 2:
            yield start, size
            return
        end = text.find("\n", start + shortest, start + longest)
        if end < 0:
            end = text.rfind(" ", start + shortest, start + longest)
        end = min(size, start + longest) if end < 0 else end + 1
        yield start, end
        start = end


def _portions(stretch: str) -> tuple[tuple[str, float], ...]:
    """Return what is to be judged of a stretch: nothing without letters, two of mixed scripts.

    A few Chinese words would decide for a stretch that is English else. With each
    stands how much it says, in letters of a script like Latin.
    """
    if not _LETTER.search(stretch):
        return ()
    if not _may_be_dense(stretch):
        return ((stretch, float(len(stretch))),)
    others = _DENSE.split(stretch)
    dense = len(stretch) - sum(map(len, others))
    sparse = " ".join(others)
    if dense and len(_LETTER.findall(sparse)) >= _MIN_LETTERS:
        runs = " ".join(_DENSE.findall(stretch))
        weight = len(runs) + _DENSE_GAIN * dense
        return (runs[:_DENSE_ENOUGH], weight), (sparse, float(len(sparse)))
    judged = stretch[:_DENSE_ENOUGH] if 2 * dense > len(stretch) else stretch
    return ((judged, len(stretch) + _DENSE_GAIN * dense),)


def _may_be_dense(stretch: str) -> bool:
    """Tell whether Chinese or the like may be there, in a tenth of the time of looking for it."""
    if stretch.isascii():
        return False
    return bool(stretch.encode("utf-8", "surrogatepass").translate(None, _NOT_DENSE))


def _gathered_words(text: str) -> str:
    """Return words from all over a text, "" if it has but the names of columns."""
    gathered: list[str] = []
    size = 0
    for match in _LETTERS.finditer(_CODES.sub(" ", text[:_MAX_GATHERED_FROM])):
        gathered.append(match[0][:WINDOW_BYTES])
        size += len(gathered[-1]) + 1
        if size > WINDOW_BYTES:
            break
    if len(text) >= _TELLING and len(set(gathered)) < _MIN_WORDS:
        return ""
    return " ".join(gathered)
