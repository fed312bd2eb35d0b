"""The gate's check of the right: what in the ledger does this message rest on, under this policy, today?

No right is inferred from another purpose, another address or another person's word.
"""

from flows.outreach.bands import add_months
from flows.outreach.case import RuledCase
from flows.outreach.ledger import ActedBy, Basis
from flows.outreach.policy import AcceptedBasis
from flows.outreach.standing import Right, Standing
from flows.outreach.verdict import Refusal
from flows.vocabulary import Purpose


def right_holds(case: RuledCase) -> Refusal | None:
    """A right in the ledger, for this purpose and address, that the policy accepts today; or the visit itself."""
    found = right_for(case)
    if isinstance(found, Right):
        return None
    said = case.facts.rights.standing(case.purpose, case.now, case.where)
    if said in {Standing.DENIED, Standing.WITHDRAWN}:
        return Refusal.WITHDRAWN
    if said is Standing.OBJECTED:
        return Refusal.OBJECTED
    if said in {Standing.SUPPRESSED, Standing.DECEASED}:
        return Refusal.SUPPRESSED if said is Standing.SUPPRESSED else Refusal.DECEASED
    if _visit_is_the_right(case):
        return None
    ran_out = found is Refusal.BASIS_EXPIRED or said is Standing.EXPIRED
    return Refusal.BASIS_EXPIRED if ran_out else Refusal.NO_RIGHT


def right_for(case: RuledCase) -> Right | Refusal:
    """The latest right the policy accepts, or why none of those given is."""
    candidates = case.facts.rights.candidates(case.purpose, case.now, case.where)
    worth = [(right, basis) for right in candidates if (basis := _worth(case, right)) is not None]
    standing = [right for right, basis in worth if not _ran_out(case, right, basis)]
    if standing:
        return standing[0]
    return Refusal.BASIS_EXPIRED if worth else Refusal.NO_RIGHT


def _worth(case: RuledCase, right: Right) -> AcceptedBasis | None:
    """The ground on which it counts: a guardian decides for a child and nobody else, an import as the policy says."""
    if (right.acted_by is ActedBy.GUARDIAN) is not case.is_minor:
        return None
    if right.acted_by is ActedBy.IMPORT and case.purpose not in case.policy.imported_yes:
        return None
    return None if right.basis is Basis.BOOKED_VISIT else case.rule.accepted(right.basis)


def _ran_out(case: RuledCase, right: Right, basis: AcceptedBasis) -> bool:
    return basis.months is not None and case.today >= add_months(case.day_of(right.valid_from), basis.months)


def _visit_is_the_right(case: RuledCase) -> bool:
    return case.purpose is Purpose.APPOINTMENT and case.rule.accepted(Basis.BOOKED_VISIT) is not None
