# ruff: noqa: E501, ISC004, RUF001 (texts that are longer than a line, and their dashes)

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.document import Document
from fanmill.core.taggers.text_quality import findings
from fanmill.core.tagging.document_view import DocumentView

PROSE = (
    "The harbour bridge reopened on Friday after eleven weeks of repair. Drivers had waited since "
    "May for the two middle spans to be lifted and for their bearings to be replaced by new ones. "
    "The works cost more than was planned, for the river stood high in June and cranes stood idle."
)
CODE = """
def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)

class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()
"""


def kinds(text: str, **fields: str) -> set[str]:
    return {found.value for found in findings(DocumentView(Document("d", text, **fields)))}  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "Short note.", PROSE, *PARAGRAPHS.values()])
def test_prose_and_short_texts_are_not_remarkable(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CODE, "code"),
        (
            "\n".join(f"- item number {number} of the long list" for number in range(12)),
            "list-like",
        ),
        (f"{PROSE}\n" * 6, "repetitive"),
        ("the old grey goose is dead " * 40, "repetitive"),
        (
            "Home. About us. Contact us. Sign in. Subscribe to our newsletter. We use a cookie to "
            "give you more of what you like, see our privacy policy and terms of use. Sitemap. "
            "All rights reserved by the owner of this page and of all the other pages.",
            "boilerplate-like",
        ),
        (
            "Buy now and act now! Limited time free trial, risk free, money back. Click here to "
            "earn extra from home, you and your friends will be glad that you did it today, so do "
            "not wait any longer and order now.",
            "spam",
        ),
    ],
)
def test_other_kinds_of_text_are_told_with_a_reason(text: str, kind: str) -> None:
    assert kind in kinds(text)
    assert all(found.reason for found in findings(DocumentView(Document("d", text))))


def test_a_long_text_may_speak_of_such_things() -> None:
    assert kinds(f"{PROSE} A banner said: click here, buy now, free trial. " + PROSE * 40) <= {
        "repetitive"
    }


def test_a_declared_language_that_is_wrong_is_told() -> None:
    assert kinds(PROSE, language="de") == {"language-mismatch"}
    assert kinds(PROSE, language="en-GB") == set()


SHELL = """#!/bin/sh
set -eu
backup=/srv/backup
today=$(date +%F)
for folder in mail web logs; do
  mkdir -p "$backup/$folder"
  tar -czf "$backup/$folder/$today.tar.gz" "/var/$folder"
done
if [ -n "${REMOTE:-}" ]; then
  rsync -a "$backup/" "$REMOTE:/backup/"
fi
find "$backup" -name '*.gz' -mtime +30 -delete
echo "backup of $today is done"
"""
LUA = """local queue = {}
local first, last = 1, 0

function queue.push(value)
  last = last + 1
  queue[last] = value
end

function queue.pop()
  if first > last then
    return nil
  end
  local value = queue[first]
  queue[first] = nil
  first = first + 1
  return value
end

return queue
"""
JAVASCRIPT = """import { open } from "./store.js";

const cache = new Map();

export async function load(name) {
  if (cache.has(name)) {
    return cache.get(name);
  }
  const store = await open(name);
  cache.set(name, store);
  return store;
}

export const clear = () => cache.clear();
"""
SCRIPT = """import csv
import sys

rows = list(csv.reader(sys.stdin))
head, *rest = rows
for row in rest:
    row[1] = float(row[1])
rest.sort(key=lambda row: row[1], reverse=True)
writer = csv.writer(sys.stdout)
writer.writerow(head)
writer.writerows(rest[:20])
print(len(rest), "rows", file=sys.stderr)
"""


@pytest.mark.parametrize("text", [SHELL, LUA, JAVASCRIPT, SCRIPT])
def test_code_of_many_languages_is_code(text: str) -> None:
    assert kinds(text) == {"code"}


JUDGMENT = "\n".join(
    f"{number}. The applicant, who had rented the mill since {1990 + number}, submitted that the "
    "owner had known of the damage to the weir and had nevertheless let the water rise, so that "
    "the lower floor could not be used for more than a year; the respondent denied this."
    for number in range(1, 8)
)
POLISH = """– Kto zabrał klucze od młyna? – zapytał Jan i usiadł przy stole.
– Nie wiem, może Marta – odparła ciotka.
– Marta? Przecież wyjechała wczoraj!
– Wróciła w nocy – powiedział ktoś z kąta.
– Po co?
– Nie chciała zostać w mieście ani dnia dłużej, niż było trzeba.
– To zapytajmy ją o klucze – rzekł Jan i wstał."""
FRENCH = """— Qui a pris les clefs du moulin ? demanda Jean en s'asseyant à table.
— Je ne sais pas, peut-être Marthe, dit la tante.
— Marthe ? Mais elle est partie hier !
— Elle est revenue cette nuit, dit quelqu'un dans le coin.
— Pourquoi donc ?
— Elle ne voulait pas rester en ville un jour de plus qu'il ne fallait."""
RUSSIAN = """– Кто взял ключи от мельницы? – спросил Иван и сел за стол.
– Не знаю, может быть, Марфа, – ответила тётка.
– Марфа? Она же вчера уехала!
– Вернулась ночью, – сказал кто-то из угла.
– Зачем?
– Не захотела оставаться в городе ни одного лишнего дня, чем было нужно."""


@pytest.mark.parametrize("text", [JUDGMENT, POLISH, FRENCH, RUSSIAN])
def test_numbered_paragraphs_and_dialogue_are_no_lists(text: str) -> None:
    assert "list-like" not in kinds(text)


@pytest.mark.parametrize("sign", ["-", "–", "*", "•", "1.", "2)"])
def test_lists_with_any_sign_are_lists(sign: str) -> None:
    text = "\n".join(f"{sign} {word} flour, fresh butter and salt" for word in "abcdefgh")
    assert "list-like" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Our mail filter learns from what you mark. Words such as “buy now”, “free trial” and “no "
        "prescription” raise the score of a message, and so does “order now” in a subject line "
        "with many capitals; a message from a friend that has them all will still reach you.",
        "Beware of letters that promise work from home. A scam wants you to act now, calls it a "
        "limited time offer, and says that it is risk free. Every fraudster knows these words, "
        "and so should you; talk to the bank or to a neighbour before you answer such a letter.",
    ],
)
def test_a_text_that_warns_of_spam_is_no_spam(text: str) -> None:
    assert "spam" not in kinds(text)


@given(texts)
def test_scores_are_in_range(text: str) -> None:
    assert all(0.0 <= found.score <= 1.0 for found in findings(DocumentView(Document("d", text))))


SHORT_CODE = [
    "for roof in roofs:\n    paint(roof)\n    total += roof.size\nprint(total)\n",
    '#!/bin/sh\nset -e\nfor r in *.txt; do\n  mv "$r" old\ndone\nexit 0\n',
    "const roofs = load();\nroofs.map((r) => {\n  return r.size * 2;\n});\n",
]


@pytest.mark.parametrize("text", SHORT_CODE)
def test_a_few_lines_of_code_are_code(text: str) -> None:
    assert kinds(text) == {"code"}


def test_numbered_sentences_are_prose_and_numbered_things_are_a_list() -> None:
    things = ["the slates", "the old beams", "forty long nails", "a ladder of oak", "two ropes"]
    sentences = "\n".join(
        f"{number}. The court finds that {thing} were sold to the owner in good faith and are his."
        for number, thing in enumerate(things * 2, 7)
    )
    assert "list-like" not in kinds(sentences)
    assert "list-like" in kinds("\n".join(f"{n}. {t}" for n, t in enumerate(things * 3)))


def test_dialogue_with_hyphens_and_verbs_of_speech_is_prose() -> None:
    text = (
        "- Hvor er taget? spurgte hun og så op.\n- Det blæste af i nat, svarede drengen.\n"
        "- Og hvem henter det? sagde hun.\n- Ingen gør det, mente han.\n- Så gør vi det selv.\n"
        "- Nu? råbte han.\n"
    )
    assert "list-like" not in kinds(text)


SPAM = {
    "de": "Klicken Sie hier und gewinnen Sie einen Urlaub! Nur heute, ganz ohne Risiko: Jetzt zugreifen, denn "
    "die Plätze sind knapp. Geld verdienen von zu Hause war noch nie so leicht, und Ihre Freunde machen es längst "
    "alle. Warten Sie nicht, bis es zu spät ist, und jetzt bestellen.",
    "es": "¡Haga clic aquí y gane dinero mientras duerme! Es una oferta limitada, 100% gratis y sin riesgo. Sus "
    "amigos ya lo hacen y viven mejor que usted. No espere más, compre ahora y reciba hoy mismo la guía con todos "
    "los pasos para empezar mañana por la mañana.",
    "ru": "Нажмите здесь и получите подарок! Только сегодня, 100% бесплатно и без риска. Ваши друзья уже давно "
    "пользуются этим и живут лучше вас. Не ждите больше ни дня, купите сейчас и получите подробное описание всех "
    "шагов, чтобы начать завтра утром вместе с нами.",
}


@pytest.mark.parametrize("language", list(SPAM))
def test_spam_is_told_in_other_languages(language: str) -> None:
    assert "spam" in kinds(SPAM[language])


def test_a_single_phrase_of_spam_makes_no_spam_in_any_language() -> None:
    assert kinds(
        "Klicken Sie hier, wenn Sie das Rezept drucken wollen. Der Teig ruht eine Stunde, dann wird er ausgerollt "
        "und mit Äpfeln belegt. Er kommt in den Ofen, bis er braun ist, und wird warm mit Sahne gegessen."
    ) <= {"boilerplate-like"}
