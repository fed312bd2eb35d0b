"""Members are called by name below a message, at the places Telegram counts."""

from bot.desk.telegram import ForumBoard
from bot.desk.telegram.mentions import with_mentions
from bot.services.topic_ports import TopicMention, TopicMessage
from tests.desk_telegram.forum import Forum


def test_names_stand_in_a_last_line_and_places_count_utf_16_units() -> None:
    message = TopicMessage(
        text="\N{TOOTH} waits",
        mentions=(TopicMention(name="\N{TOOTH} Sam", user_id=4), TopicMention(name="Olga", user_id=5)),
    )
    text, entities = with_mentions(message)
    assert text == "\N{TOOTH} waits\n\N{TOOTH} Sam, Olga"
    assert entities is not None
    units = text.encode("utf-16-le")
    named = [units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le") for each in entities]
    assert named == ["\N{TOOTH} Sam", "Olga"]
    assert [each.user.id for each in entities if each.user] == [4, 5]


def test_where_nobody_is_called_the_text_stays_as_it_is() -> None:
    assert with_mentions(TopicMessage(text="Anna waits")) == ("Anna waits", None)


async def test_a_member_is_called_and_a_quiet_message_makes_no_sound(forum: Forum) -> None:
    board: ForumBoard = forum.board
    mention = TopicMention(name="Olga", user_id=forum.owner.account.id)
    await board.post(forum.group.id, None, TopicMessage(text="Anna waits", mentions=(mention,), quiet=True))
    call = forum.api.calls_of("sendMessage")[-1]
    assert call.params["text"] == "Anna waits\nOlga"
    assert "text_mention" in str(call.params["entities"])
    assert call.params["disable_notification"] in {True, "true"}
