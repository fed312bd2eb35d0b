"""A chat may be let ask its open question once more, for words that must bring about nothing themselves."""

import pytest

from flows.dialogs import asked_again
from flows.dialogs.states import WhoAsked
from flows.engine.decision import Decision
from flows.engine.state import Chat
from flows.meaning import Intent
from flows.messages import knowing, times, welcome
from flows.messages.text import Text
from tests.flows.house import House


def test_an_open_question_is_asked_once_more_and_nothing_moves() -> None:
    house = House()
    house.writes(Intent.BOOK)
    decision = asked_again(house.chat, house.context)
    assert (decision.chat, decision.requests) == (house.chat, ())
    assert [type(reply.text) for reply in decision.replies] == [times.WhichOfTwo]
    assert [reply.buttons for reply in decision.replies] == [house.said[-1].buttons]


@pytest.mark.parametrize(("known", "text"), [(True, welcome.WhatCanWeDo), (False, knowing.WhoIsThis)])
def test_somebody_we_do_not_know_is_asked_what_strangers_are(known: bool, text: type[Text]) -> None:  # noqa: FBT001
    house = House(known=known)
    assert [type(reply.text) for reply in asked_again(house.chat, house.context).replies] == [text]


def test_where_no_question_is_open_nothing_is_said() -> None:
    chat = Chat(state=WhoAsked())
    assert asked_again(chat, House().context) == Decision(chat=chat)
