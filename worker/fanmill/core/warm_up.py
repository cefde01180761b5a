"""Warm-up: making the tables that every document needs before a worker forks its children.

Children share unchanged memory with their parent. Otherwise each child would make every table
and hold it in its own memory.
"""

from typing import Final

from fanmill.core.corpus.aggregate import Aggregate
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.document import Document
from fanmill.core.stages import Summarizer, tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers
from fanmill.core.text.lexicon import empty_lexicons

TEXTS: Final = {
    "en": "The miller's daughter counted 12 sacks of barley on Monday morning. "
    "The government raised the price of grain, and farmers in the valley protested. "
    "A train from the city brought the engineers who were to repair the bridge.",
    "de": "Die Müllerin zählte am Montagmorgen 12 Säcke Gerste. "
    "Die Regierung erhöhte den Getreidepreis, und die Bauern im Tal protestierten. "
    "Ein Zug aus der Stadt brachte die Ingenieure, welche die Brücke ausbessern sollten.",
    "fr": "La meunière compta lundi matin douze sacs d'orge. "
    "Le gouvernement augmenta le prix du blé, et les paysans de la vallée protestèrent. "
    "Un train venu de la ville amena les ingénieurs qui devaient réparer le pont.",
    "es": "La molinera contó el lunes por la mañana doce sacos de cebada. "
    "El gobierno subió el precio del trigo y los campesinos del valle protestaron. "
    "Un tren de la ciudad trajo a los ingenieros que debían reparar el puente.",
    "ru": "В понедельник утром мельничиха насчитала двенадцать мешков ячменя. "  # noqa: RUF001
    "Правительство подняло цены на зерно, и крестьяне долины протестовали. "
    "Поезд из города привёз инженеров, которые должны были починить мост.",
    "zh": "星期一早上，磨坊主的女儿数了十二袋大麦。政府提高了粮食价格，山谷里的农民提出抗议。"  # noqa: RUF001
    "从城里来的火车送来了修理桥梁的工程师，他们准备在河边住上三个星期。",  # noqa: RUF001
}
"""A few sentences in each language that has a list of topic terms."""


def warm_up() -> None:
    """Make the tables of all built-in functions for the languages of `TEXTS`.

    The three stages run on a few sentences of each language. Plugins do not run, because they may
    open files or connections, which must not be open at a fork. The lexicons are emptied again.
    """
    fingerprinter = Fingerprinter(DedupParameters())
    summarize, tag = Summarizer(), tagging_by(Taggers(BUILTIN))
    for language, text in TEXTS.items():
        for repeated in (text, "\n\n".join([text] * 3)):
            document = Document(f"warm-up-{language}", repeated, language=language)
            fingerprinter.tokenize([repeated])
            summarize(document)
            tag(document)
    # Loads the sketches, which the first merge of data points would load in each child.
    Aggregate()
    empty_lexicons()
