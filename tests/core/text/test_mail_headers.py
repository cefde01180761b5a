"""Headers of saved mails, and commands of LaTeX: they are no prose."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import pytest

from core_texts import analysed
from fanmill.core.summary.extractive import lead

LETTER = "The pier is free on Friday from nine. I told the warden to open the northern gate."


@pytest.mark.parametrize(
    "headers",
    [
        "From: Mara Holm <mara@example.org>\nTo: Jon <jon@example.org>\nSubject: Pier\nDate: today",
        "Von: Mara Holm\nGesendet: Freitag, 7. März 2025\nAn: Jon\nBetreff: Pier",
        "De : Mara Holm\nEnvoyé : vendredi\nÀ : Jon\nObjet : Quai",
        "Received: from mx.example.org by mail\n\twith SMTP; Fri\nFrom: mara@example.org\nTo: Jon",
        "发件人：马拉\n收件人：约恩\n主题：码头",
    ],
)
def test_headers_of_a_mail_are_outside_the_body(headers: str) -> None:
    text = f"{headers}\n\n{LETTER}"
    analysis = analysed(text)
    assert analysis.body[0][0] == text.index(LETTER)
    assert lead(analysis).sentences[0].text.startswith("The pier is free")


@pytest.mark.parametrize(
    "text",
    [
        "From: here to the pier it is a mile.\n\nThe road is good and dry.",
        "Note: the pier is closed.\nReason: a storm came in the night.\n\nIt opens in May.",
        "Subject: Pier",
        "To: the north.\nTo: the south.\n\nThe road is good and dry.",
    ],
)
def test_lines_that_only_look_like_headers_stay(text: str) -> None:
    assert analysed(text).body[0][0] == 0


def test_commands_of_latex_are_no_prose() -> None:
    text = f"\\documentclass[a4]{{article}}\n\\begin{{document}}\n{LETTER}\n\\end{{document}}"
    (body,) = analysed(text).body
    assert text[slice(*body)] == LETTER
