"""Tags invoices: one tag for the kind of document, one for each invoice number."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from fanmill.taggers import DocumentView, Tag, tagger

# Linear in the text: it starts at a word and is bounded from there.
_NUMBER = re.compile(r"\b(?:INV|RE|FA)-\d{3,12}\b")


class Config(BaseModel):
    """Set in the table [invoice] of the file that FANMILL_TAGGER_CONFIG_FILE names."""

    words: tuple[str, ...] = ("invoice", "rechnung", "facture", "factura", "发票")


@tagger("invoice", "1", languages=["*"], needs=["pii"])
def invoice(doc: DocumentView, cfg: Config) -> Iterator[Tag]:
    """Yield `kind: invoice` and the numbers; surer where money or an account is named too."""
    places = [(at, at + len(word)) for word in cfg.words if (at := doc.folded.find(word)) >= 0]
    if not places:
        return
    paid = any(tag.value.startswith(("money:", "iban")) for tag in doc.tags_of("pii"))
    yield Tag("kind", "invoice", 0.9 if paid else 0.6, "heuristic", tuple(sorted(places)))
    for found in _NUMBER.finditer(doc.text):
        yield Tag("invoice-number", found[0], 1.0, "rule", (found.span(),))
