"""The step `tag`: the tags of each document, compared with what the stream had before."""

from fanmill.core.trends import terms_of, with_trends
from fanmill.ports import Batch
from fanmill.steps.services import Findings, Outcome, Services
from fanmill.steps.stage_results import commit_findings
from fanmill_contracts.results import Tagging


def tag(services: Services, batch: Batch) -> list[Outcome]:
    """Find the tags of each document; see `deduplicate` for the answer."""
    trends = services.trends
    if trends is None:
        return commit_findings(services, "tag", batch, services.functions.tag)
    counted: dict[str, tuple[str, tuple[str, ...]]] = {}

    def compare(found: dict[str, Findings]) -> dict[str, Findings]:
        taggings = {
            entry_id: tagging
            for entry_id, findings in found.items()
            if isinstance(tagging := findings.get("tagging"), Tagging)
        }
        asked: dict[str, dict[str, None]] = {}
        for entry_id, tagging in taggings.items():
            terms = terms_of(tagging)
            counted[entry_id] = (tagging.language, terms)
            asked.setdefault(tagging.language, {}).update(dict.fromkeys(terms))
        # A question for each language of the batch, not for each document.
        known = {
            (language, each.term): each
            for language, terms in asked.items()
            for each in trends.frequencies(language, tuple(terms))
        }
        compared = dict(found)
        for entry_id, tagging in taggings.items():
            language, terms = counted[entry_id]
            frequencies = [known[language, term] for term in terms if (language, term) in known]
            compared[entry_id] = {
                **found[entry_id],
                "tagging": with_trends(tagging, frequencies),
            }
        return compared

    outcomes = commit_findings(services, "tag", batch, services.functions.tag, compare)
    # Behind the commit: what is delivered again is not counted again.
    new = [each.entry_id for each in outcomes if each.outcome in {"stored", "completed"}]
    trends.observe([counted[entry_id] for entry_id in new if counted.get(entry_id, ("", ()))[1]])
    return outcomes
