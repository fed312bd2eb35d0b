"""What patients do by chance: they write anything, press anything, and what they send may come twice."""
# ruff: noqa: D102 - the name of a rule is its sentence, as a test's is

from hypothesis import strategies as some
from hypothesis.stateful import rule

from tests.house.acts import FIRST_TIME, SECOND_TIME
from tests.house.any_day import AnyDay, people, places
from tests.house.judge import STOPPED
from tests.house.phrases import EMERGENCY, HOSTILE, SAID, STOP

WAITING = ("planned", "queued", "leased")
some_of_many = some.integers(0, 40)


class PatientsByChance(AnyDay):
    """Patients, doing as they please."""

    @rule(who=people, what=some_of_many)
    def somebody_writes(self, who: int, what: int) -> None:
        said = SAID[self.person(who).language]
        self.chance.writes(self.person(who), said[what % len(said)])

    @rule(who=people)
    def somebody_says_stop(self, who: int) -> None:
        self.chance.writes(self.person(who), STOP[self.person(who).language])
        rows = self.chance.read()
        talk = rows.of("conversation", id=self.person(who).conversation_id)[0]
        stopped = [row["at"] for row in rows.of("ledger_event", patient_id=talk["patient_id"], collected="stop")]
        assert sum(at == max(stopped) for at in stopped) == len(STOPPED)
        assert max(stopped) > self.began, "a stop was not heard"
        waiting = [row for row in rows.of("outbox", patient_id=talk["patient_id"]) if row["status"] in WAITING]
        assert not [row for row in waiting if row["purpose"] in STOPPED], "something is planned after a stop"

    @rule(who=people)
    def somebody_is_in_danger(self, who: int) -> None:
        self.chance.writes(self.person(who), EMERGENCY[self.person(who).language])
        rows = self.chance.read()
        talk = self.person(who).conversation_id
        assert [row for row in rows.of("ticket", conversation_id=talk, reason="emergency") if row["status"] != "closed"]
        known = {row["id"] for row in self.now["outbox"]}
        said = [row for row in rows.of("outbox", conversation_id=talk) if row["id"] not in known]
        assert "safety.emergency" in {row["message_key"] for row in said}
        assert rows.of("patient", id=rows.of("conversation", id=talk)[0]["patient_id"])[0]["frozen"]

    @rule(who=people, text=some.one_of(some.sampled_from(HOSTILE), some.text(max_size=60)))
    def somebody_writes_what_no_person_writes(self, who: int, text: str) -> None:
        self.chance.writes(self.person(who), text)

    @rule(who=people, place=places)
    def somebody_presses_what_is_shown(self, who: int, place: int) -> None:
        shown = self.chance.buttons(self.person(who))
        if shown:
            self.chance.presses(self.person(who), shown[place % len(shown)].payload)

    @rule(who=people, place=places)
    def somebody_types_a_button(self, who: int, place: int) -> None:
        shown = self.chance.buttons(self.person(who))
        if shown:
            self.chance.writes(self.person(who), shown[place % len(shown)].label)

    @rule(who=people, place=some_of_many)
    def somebody_presses_an_old_button(self, who: int, place: int) -> None:
        old = self.person(who).payloads
        if old:
            self.chance.presses(self.person(who), old[place % len(old)])

    @rule(place=some.sampled_from([FIRST_TIME, SECOND_TIME]))
    def everybody_is_invited_and_presses_at_once(self, place: int) -> None:
        self.evenings_come(1)
        self.chance.all_press(place)

    @rule(who=people, place=some_of_many)
    def an_update_comes_again(self, who: int, place: int) -> None:
        before = self.chance.read()
        remembered = " ".join(row["external_id"] for row in before["claimed_update"])
        # What is older than a month is forgotten: no messenger, and no page left open, repeats it.
        sent = [each for each in self.person(who).sent if each.update_id in remembered]
        if sent:
            self.chance.send(self.person(who), sent[place % len(sent)])
            assert self.chance.read() == before, "a repeated update had an effect"
