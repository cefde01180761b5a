"""Tags invoices: a tag for the kind of document, and a tag for each invoice number."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from fanmill.plugins import DocumentView, Tag, tagger

# The pattern takes time linear in the text: it starts at a word and is bounded.
_NUMBER = re.compile(r"\b(?:INV|RE|FA)-\d{3,12}\b")


class Config(BaseModel):
    """Configuration: the table [invoice] of the file in FANMILL_TAGGER_CONFIG_FILE."""

    words: tuple[str, ...] = ("invoice", "rechnung", "facture", "factura", "发票")


@tagger("invoice", "1", languages=["*"], needs=["pii"])
def invoice(doc: DocumentView, cfg: Config) -> Iterator[Tag]:
    """Yield `kind: invoice` and the numbers; money or an account raises the score."""
    places = [(at, at + len(word)) for word in cfg.words if (at := doc.folded.find(word)) >= 0]
    if not places:
        return
    paid = any(tag.value.startswith(("money:", "iban")) for tag in doc.tags_of("pii"))
    yield Tag("kind", "invoice", 0.9 if paid else 0.6, "heuristic", tuple(sorted(places)))
    for found in _NUMBER.finditer(doc.text):
        yield Tag("invoice-number", found[0], 1.0, "rule", (found.span(),))
