"""Step `tag`: tags of each document, with those of its terms that are trending."""

from fanmill.core.record_members import RecordMembers
from fanmill.core.trends import terms_of, with_trends
from fanmill.ports import Batch
from fanmill.steps.services import Loaded, Outcome, Services
from fanmill.steps.stage_results import commit_each


def tag(services: Services, batch: Batch, loaded: Loaded | None = None) -> list[Outcome]:
    """Tag each document and return the outcomes; see `deduplicate`."""
    trends = services.trends
    if trends is None:
        return commit_each(services, "tag", batch, services.functions.tag, loaded)
    counted: dict[str, tuple[str, tuple[str, ...]]] = {}

    def compare(computed: dict[str, RecordMembers]) -> dict[str, RecordMembers]:
        taggings = {
            entry_id: members.tagging
            for entry_id, members in computed.items()
            if members.tagging is not None
        }
        asked: dict[str, dict[str, None]] = {}
        for entry_id, tagging in taggings.items():
            terms = terms_of(tagging)
            counted[entry_id] = (tagging.language, terms)
            asked.setdefault(tagging.language, {}).update(dict.fromkeys(terms))
        # A question for each language of the batch, not for each document.
        bursting = {
            (language, each.term): each
            for language, terms in asked.items()
            for each in trends.frequencies(language, tuple(terms))
            if each.bursts
        }
        compared = dict(computed)
        for entry_id, tagging in taggings.items():
            language, terms = counted[entry_id]
            frequencies = [
                bursting[language, term] for term in terms if (language, term) in bursting
            ]
            if frequencies:
                compared[entry_id] = computed[entry_id].model_copy(
                    update={"tagging": with_trends(tagging, frequencies)}
                )
        return compared

    outcomes = commit_each(services, "tag", batch, services.functions.tag, loaded, compare=compare)
    # Only after the commit, so that a redelivered document counts once.
    new = [each.entry_id for each in outcomes if each.outcome in {"stored", "completed"}]
    trends.observe([counted[entry_id] for entry_id in new if counted.get(entry_id, ("", ()))[1]])
    return outcomes
