"""The texts of the patients' bot on Telegram outside any conversation, with notes for translators."""

from bot.wording.page_entries import PageEntry, entry

TELEGRAM_ENTRIES: tuple[PageEntry, ...] = (
    entry("telegram.command.book", "Beside the command /book in Telegram's list."),
    entry("telegram.command.visit", "Beside the command /visit in Telegram's list."),
    entry("telegram.command.details", "Beside the command /details in Telegram's list."),
    entry("telegram.command.settings", "Beside the command /settings in Telegram's list."),
    entry("telegram.command.family", "Beside the command /family in Telegram's list."),
    entry("telegram.command.person", "Beside the command /person in Telegram's list."),
    entry("telegram.command.stop", "Beside the command /stop in Telegram's list: ends reminders."),
    entry("telegram.command.help", "Beside the command /help in Telegram's list."),
    entry("telegram.about", "On the bot's profile in Telegram, at most 120 characters with the name.", "clinic"),
    entry("telegram.description", "In an empty chat, before the person presses Start.", "clinic"),
    entry("telegram.private_only", "Said in a group to which somebody added the bot: nothing about the clinic."),
    entry("telegram.tap.gone", "Short, over the chat: a button was pressed that is none of ours."),
    entry("telegram.tap.not_yours", "Short, over the chat: somebody pressed a button in another person's chat."),
)
