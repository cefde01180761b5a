"""Run with pytest; if an expectation has to change, the version has to change, too."""

from fanmill_tagger_invoice import invoice

from fanmill.plugins import Document, DocumentView, Tag


def test_an_invoice_is_tagged_with_its_number() -> None:
    tags = invoice(DocumentView(Document("d", "Invoice INV-0042: please pay.")))
    assert tags == (
        Tag("kind", "invoice", 0.6, "heuristic", ((0, 7),)),
        Tag("invoice-number", "INV-0042", 1.0, "rule", ((8, 16),)),
    )


def test_a_letter_is_not() -> None:
    assert invoice(DocumentView(Document("d", "Dear Ms Orme, the bridge is open."))) == ()
