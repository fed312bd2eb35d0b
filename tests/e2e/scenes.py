"""Scenes for the browser: a small clinic with conversations worth looking at."""

from datetime import timedelta

from bot.services.views import VisitView
from flows.vocabulary import Language, TicketReason, Urgency
from tests.web.world import MONDAY, Chat, World

HELLO = (
    "Hello Anna, this is De Linde dental practice, writing automatically. You were last here in March last year, and "
    "Dr Vos would like to see you again. We could keep Tuesday 24 November, 9:30, or Thursday 26 November, 17:45 for "
    "you. Which suits you better?"
)
CANNOT_ASSESS = "We are an automatic line and cannot assess this. Call 112 if you cannot breathe or swallow well."
# A name that tries to be markup, to turn the line round, and to break the layout.
HOSTILE_NAME = '<b>"O\'Neil" & \u202eevil\u202c ' + "x" * 80
HOSTILE_TEXT = "<script>alert(1)</script> " + "W" * 600
ANSWERS = ("Tue 24 Nov, 9:30", "Thu 26 Nov, 17:45", "Other times", "Not now", "A person, please")


def invite(world: World, name: str = "Anna Example", language: Language = Language.EN) -> Chat:
    """A patient with an invitation on the page."""
    chat = world.patient(name, language)
    world.bot_says(chat, HELLO, *ANSWERS)
    return chat


def talk_at_length(world: World) -> Chat:
    """A conversation over two days, with an objection, a person, a booking and its calendar file."""
    world.clock.at = MONDAY - timedelta(days=1)
    chat = invite(world)
    world.clock.at += timedelta(minutes=4)
    world.patient_says(chat, "honestly its the money at the moment", "money")
    world.bot_says(
        chat,
        "That is a good reason to ask first. A check-up is 30 euro here, and if anything turns up Dr Vos tells you "
        "what can wait and what it would cost before anything is done. Shall we look for a time, or should someone "
        "call you?",
        "Look for a time",
        "Call me",
    )
    world.patient_says(chat, "Call me")
    world.staff_says(chat, "Robin Example", "Hello Anna, Robin here. You can pay in three parts, without extra cost.")
    world.clock.at = MONDAY
    world.patient_says(chat, "oh good 🙂 then after 5 on any day but friday", "book")
    world.bot_says(chat, "Booked: Thursday 26 November, 17:45, with Dr Vos.", file_name="visit.ics")
    world.bot_says(chat, "Is there anything else?", "Change my visit", "My messages", "A person, please")
    slot = world.slots()[5]
    chat.visit = VisitView(appointment_id=next(world.numbers), slot=slot, provider_name="Dr Vos", confirmed=True)
    chat.concern = "Upper left, old filling: would like to see it again."
    return chat


def busy_morning(world: World) -> dict[str, Chat]:
    """A desk with an emergency, a worry, a question, a held chat, and hostile names."""
    chats = {"anna": talk_at_length(world)}
    chats["emma"] = invite(world, "Emma Sample")
    world.patient_says(chats["emma"], "my whole cheek is swollen and I have fever", "urgent")
    world.bot_says(chats["emma"], CANNOT_ASSESS)
    world.ticket(chats["emma"], TicketReason.EMERGENCY, Urgency.NOW)
    chats["piet"] = invite(world, "Piet Voorbeeld", Language.NL)
    world.patient_says(chats["piet"], "het doet nog steeds pijn", "feedback_bad")
    world.ticket(chats["piet"], TicketReason.WORRY, Urgency.TODAY)
    chats["luc"] = invite(world, "Luc Exemple", Language.FR)
    world.patient_says(chats["luc"], "Je voudrais parler avec quelqu’un", "human")
    world.ticket(chats["luc"], TicketReason.PERSON_ASKED, Urgency.WHEN_FREE)
    chats["luc"].holder = "Sam Sample"
    chats["vera"] = invite(world, "Вера Примерова", Language.RU)
    chats["hostile"] = invite(world, HOSTILE_NAME)
    world.patient_says(chats["hostile"], HOSTILE_TEXT, "other")
    return chats
