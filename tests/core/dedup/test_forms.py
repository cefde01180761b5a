# ruff: noqa: RUF001, E501, ISC004 (a table of texts in several scripts)
"""Forms: their fields tell one from another; menus and headers of mails do not."""

from itertools import pairwise

import pytest

from fanmill.core.dedup.boilerplate import MIN_FIELDS, lines_of
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.normalise import fold
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.plain_letters import plain_text
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.shingle import tokenise
from fanmill.testing.index import MemoryFingerprintIndex

PARAMETERS = DedupParameters()
FORMS = {
    "en": (
        "Ticket No: {}\nPassenger: {}\nFrom pier: {}\nSeat: {}\n\n"
        "Be at the pier a quarter of an hour before the boat leaves. Luggage is carried free of charge, but bicycles "
        "need a ticket of their own. Unused tickets are taken back until the day before the crossing.",
        (("7714", "Ola Nes", "Skarvik", "12"), ("7715", "Mia Roth", "Hamnøy", "3"), ("8002", "Jon Berg", "Skarvik", "40")),
    ),
    "de": (
        "Auftrag: {}\nKunde: {}\nGerät: {}\nBetrag: {}\n\n"
        "Wir haben das Gerät geprüft und die genannten Teile ersetzt. Auf die Arbeit geben wir ein Jahr Gewähr, sofern das "
        "Gerät nicht von anderen geöffnet wird. Bitte holen Sie es innerhalb von vier Wochen bei uns ab.",
        (("311", "Anna Voss", "Mixer", "42,00"), ("312", "Tim Kolb", "Bohrmaschine", "18,50"), ("340", "Eva Lenz", "Radio", "77,10")),
    ),
    "ru": (
        "Заявка: {}\nЗаявитель: {}\nУлица: {}\nСумма: {}\n\n"
        "Заявление принято и будет рассмотрено в течение тридцати дней со дня подачи. О решении заявителю сообщат письмом. "
        "Жалобу на решение можно подать в городской суд в течение двух недель после получения письма.",
        (("51", "Ольга Белова", "Речная", "900"), ("52", "Иван Гусев", "Лесная", "1200"), ("77", "Пётр Зимин", "Южная", "450")),
    ),
    "zh": (
        "订单：{}\n姓名：{}\n商品：{}\n金额：{}\n\n"
        "感谢您的订购。商品将在三天之内从仓库发出，请在收到以后检查包装是否完好。如果商品有问题，请在两个星期之内与我们联系，我们会为您更换或者退款。",
        (("4401", "王小梅", "竹椅子", "120"), ("4402", "李大山", "铁锅", "88"), ("4490", "赵清", "棉被", "260")),
    ),
}  # fmt: skip
STORY = (
    "The ferry to the outer islands was late again on Monday because the fog lay on the sound until noon. The captain "
    "waited for an hour and then turned back to the harbour, where the baker handed out warm rolls to all who waited."
)


def verdicts(texts: list[str]) -> list[str]:
    maker = Fingerprinter(PARAMETERS)
    part = MemoryFingerprintIndex(PARAMETERS, clock_ms=lambda: 1_000).partition("all")
    named = [(f"d{i}", f"{i + 1}-0", each) for i, each in enumerate(maker.tokenize(texts))]
    return [judged.verdict for judged, _ in judge_in_order(part, maker, named)]


def labels(text: str) -> list[bool]:
    (lines,) = lines_of(tokenise([plain_text(fold(text))], with_lines=True))
    return lines.labels.tolist()


@pytest.mark.parametrize("language", FORMS)
def test_forms_with_other_values_are_unique(language: str) -> None:
    form, values = FORMS[language]
    texts = [form.format(*each) for each in values]
    assert all(one != other for one, other in pairwise(texts))
    assert verdicts(texts) == ["unique"] * len(texts)


@pytest.mark.parametrize("language", FORMS)
def test_a_copy_of_a_form_is_found(language: str) -> None:
    form, values = FORMS[language]
    texts = [form.format(*each) for each in values]
    copy = texts[1].replace("\n\n", "\n \n").upper()
    assert verdicts([*texts, copy]) == [*(["unique"] * len(texts)), "exact"]


@pytest.mark.parametrize("fields", range(6))
def test_fields_are_labels_only_where_there_are_few(fields: int) -> None:
    names = ["Order", "Customer", "Street", "Amount", "Weight", "Parcel"]
    text = "".join(f"{name}: seven\n" for name in names[:fields]) + f"Home\n{STORY}"
    assert labels(text) == [fields < MIN_FIELDS] * fields + [True, False]


@pytest.mark.parametrize(
    "head",
    [
        "From: {0}\nTo: {1}\nDate: {2} May\nSubject: fog\n\n",
        "Von: {0}\nAn: {1}\nGesendet: {2}. Mai\nBetreff: Nebel\n\n",
        "От: {0}\nКому: {1}\nДата: {2} мая\nТема: туман\n\n",
    ],
)
def test_headers_of_mails_do_not_tell_copies_apart(head: str) -> None:
    texts = [head.format("Ana", "Bo", 4) + STORY, head.format("Cy Lund", "Dora Meck", 11) + STORY]
    assert verdicts(texts) == ["unique", "near"]


def test_times_and_colons_at_the_ends_of_lines_make_no_fields() -> None:
    text = f"Posted 10:32\nRead also:\nUpdated 11:05\nMore:\n: none\n{STORY}"
    assert labels(text)[0] is True
    assert labels(text)[2] is True
