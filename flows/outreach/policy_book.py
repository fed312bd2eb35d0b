"""Which policy counts for a patient: the strictest of the clinic's, of where they live and of how they are reached.

Who lives where no policy is known is protected by the fallback beside the clinic's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flows.outreach.merging import merge, narrows
from flows.outreach.policy import Policy, PolicyPart
from flows.vocabulary import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyBook:
    """The policies of a clinic.

    own: the one it chose. by_residence: by ISO 3166-1 alpha-2 code, or with "-" and a subdivision ("CA-QC").
    by_channel: a channel's own rules. fallback: for who lives where none is known. home: where the clinic is.
    """

    own: Policy
    by_residence: Mapping[str, Policy]
    by_channel: Mapping[Channel, Policy]
    fallback: Policy
    home: str
    _merged: dict[tuple[str, Channel | None], Policy] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def for_patient(self, residence: str | None, channel: Channel | None) -> Policy:
        """The rules for a patient: one policy, or the strictest of those that narrow it.

        residence: as in `by_residence`; None, or the clinic's own country without its subdivision: as at the clinic.
        channel: where a message would go; None: the rules of no channel are added.
        """
        at_home = residence is None or residence == _country(self.home)
        key = (self.home if at_home else residence or self.home, channel)
        known = self._merged.get(key)
        if known is None:
            known = self._merged[key] = self._strictest(*key)
        return known

    @property
    def parts(self) -> tuple[PolicyPart, ...]:
        """What has to be signed before patients who live where the clinic is can be written to on every channel."""
        return self.parts_for([])

    def parts_for(self, residences: Iterable[str | None]) -> tuple[PolicyPart, ...]:
        """What has to be signed before patients of these residences, and of the clinic's, can be written to."""
        found = {
            part
            for residence in {None, *residences}
            for channel in (None, *self.by_channel)
            for part in self.for_patient(residence, channel).parts
        }
        return tuple(sorted(found))

    def _strictest(self, residence: str, channel: Channel | None) -> Policy:
        beside = [*self._of_residence(residence)]
        if channel is not None and channel in self.by_channel:
            beside.append(self.by_channel[channel])
        return merge([self.own, *(policy for policy in beside if narrows(self.own, policy))])

    def _of_residence(self, residence: str) -> tuple[Policy, ...]:
        """The policy of the place, else of its country, else the fallback and all that is known of the country."""
        for place in (residence, _country(residence)):
            if place in self.by_residence:
                return (self.by_residence[place],)
        within = tuple(policy for place, policy in sorted(self.by_residence.items()) if _country(place) == residence)
        return (self.fallback, *within)


def _country(residence: str) -> str:
    return residence.partition("-")[0]
