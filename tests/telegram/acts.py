"""What people do on their telephones, in one line each."""

from flows.ids import PatientId
from flows.vocabulary import Language
from tests.botapi.people import Person
from tests.telegram.clinic import Clinic
from tests.telegram.words import WORDS

MOBILE = "+32470000001"


async def comes_by_link(clinic: Clinic, patient_id: PatientId, language: Language = Language.EN) -> Person:
    """Let a patient open the chat by their personal link, with a telephone of their own."""
    person = clinic.api.person("Somebody", language=language.value, phone=MOBILE)
    person.start(clinic.bots.patients, clinic.link_for(patient_id))
    await person.until_sees(WORDS[language].may_we_remind)
    await clinic.until_quiet()
    return person


async def presses(person: Person, label: str, *, of: str) -> None:
    """Press a button; the tap is answered, and the question becomes its answer."""
    pressed = person.press(label)
    assert await pressed.until_answered() == ""
    answered = await person.until_sees(f"→ {label}")
    assert of in answered.text
    assert answered.buttons == ()


async def is_offered_times(person: Person) -> tuple[str, ...]:
    """Let somebody who writes English look for a time; the buttons they get."""
    person.write("look for a time please")
    return (await person.until_sees("Which suits you better?")).buttons
