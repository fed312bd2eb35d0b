"""What patients say and press in each language, and words by which they recognise what they are told."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One language. Labels are whole; what the bot says is known by a part of it."""

    given_name: str
    may_we_remind: str
    may_we_ask: str
    how_often: str
    yes: str
    when_due: str
    noted: str
    wants_time: str
    times: str
    slot: str
    booked: str
    new_mobile: str
    mobile: str
    right: str
    mobile_kept: str
    reminder: str
    coming: str
    see_you: str
    check_in: str
    all_well: str
    glad: str
    stop: str
    stopped: str
    who: str
    share: str
    name_and_birth: str
    looked_up: str
    known_now: str
    birth_months: str


WORDS: Mapping[Language, Words] = {
    Language.EN: Words(
        given_name="Anna",
        may_we_remind="May we write to you when",
        may_we_ask="After a visit, may we",
        how_often="How often, at most?",
        yes="Yes, please",
        when_due="When it is due",
        noted="that is noted",
        wants_time="after 5 on any day but friday",
        times="Which suits you better?",
        slot="Tue 24 Nov, 17:00",
        booked="Your appointment is booked: Tuesday 24 November, 17:00",
        new_mobile="by the way, my new mobile is +44 7700 900123",
        mobile="+44 7700 900123",
        right="Yes, that is right",
        mobile_kept="we have your new mobile number",
        reminder="we look forward to your visit on Tuesday 24 November, 17:00",
        coming="I will be there",
        see_you="See you on Tuesday 24 November, 17:00",
        check_in="is all well after your visit?",
        all_well="All is well",
        glad="",
        stop="please stop these messages",
        stopped="we will send you no more of these messages",
        who="",
        share="",
        name_and_birth="",
        looked_up="",
        known_now="",
        birth_months="",
    ),
}
