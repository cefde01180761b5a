"""Texts that several tests analyse, and strategies that make more."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

from hypothesis import strategies as st

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document

MEBIBYTE = 1024 * 1024

PARAGRAPHS = {
    "en": "Dr. Smith met J. R. Hill in the U.S. Army in 1944. He paid 3.5 dollars. Was it much?",
    "de": "Am 3. Oktober traf Dr. Müller den Kanzler. Es kostete ca. 20 Mio. Euro. War das viel?",
    "fr": "M. Dupont est arrivé à l'école à midi. Mme Martin l'attendait. « Bonjour ! » dit-elle.",
    "es": "El Sr. García vive en Madrid desde 1999. ¿Cómo está usted? ¡Muy bien, gracias!",
    "ar": "قال د. محمد إن الاجتماع كان ناجحا. هل تعرف السبب؟ نعم، أعرف السبب جيدا.",
    "hi": "डॉ. सिंह दिल्ली में रहते हैं। भारत एक विशाल देश है। क्या आप ठीक हैं?",
    "zh": "中国政府决定采取措施保护环境。这是一个重要的决定！你同意吗？",
    "ja": "東京は日本の首都です。「行きます。」と彼は言った。本当ですか？",
    "th": (
        "ประเทศไทยเป็นประเทศในเอเชียตะวันออกเฉียงใต้ กรุงเทพมหานครเป็นเมืองหลวงของประเทศ "
        "วันนี้อากาศดีมาก และเราไปเที่ยวทะเลกัน"
    ),
    "ru": "А. С. Пушкин родился в Москве в семье офицера. Он написал много. Вы читали его?",
}
"""Three sentences in each language, with what segmenters stumble over."""


def analysed(text: str, *, title: str | None = None) -> Analysis:
    return Analysis(Document("d", text, title=title))


def sentences(text: str) -> list[str]:
    analysis = analysed(text)
    return [text[start:end] for start, end in analysis.sentences]


# Any code point, lone surrogates included, salted with what segmentation looks at.
any_text = st.text(st.characters(), max_size=200)
salted_text = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *PARAGRAPHS.values(),
                *(". ", "! ", "Dr. ", "J. ", "3. ", "...", "。", "」", "「", "”", "»", " “", "।"),
                *(
                    "\n",
                    "\r\n",
                    "\r",
                    "\n\n",
                    "\x0b",
                    "\u2028",
                    "\x85",
                    "\t",
                    " ",
                    "\u00a0",
                    "\u3000",
                ),
                *(
                    "👨\u200d👩\u200d👧",
                    "🇩🇪",
                    "e\u0301",
                    "\u00ad",
                    "\u200b",
                    "\x00",
                    "\ufeff",
                    "\ud800",
                ),
                *("Source: Reuters", "By Jane Doe", " date 2022-08-05 TITLE", "来源：新华社"),
                *("> quoted", "\n> ", "infor-\nmation", "\x0c", "\n12\n\x0cHEAD\n", "– so"),
                *("- item", "1. item", "Heading", "l'eau", "China's", "well-known", "x" * 60),
            ]
        ),
        st.text(st.characters(), max_size=8),
    ),
    max_size=30,
).map("".join)
texts = st.one_of(any_text, salted_text)
