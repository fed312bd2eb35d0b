"""The texts of the desk in a forum group, with notes for translators: for busy colleagues, so short.

What both desks say stands with the web desk's texts; here is what only a topic says.
"""

from bot.wording.page_entries import PageEntry, entry

TOPIC_ENTRIES: tuple[PageEntry, ...] = (
    entry("topic.title.waiting", "Title of a patient's topic: they wait for staff.", "name"),
    entry("topic.title.taken", "Title of a topic: a colleague has it.", "name", "holder"),
    entry("topic.title.answered", "Title of a topic: a colleague has answered.", "name", "holder"),
    entry("topic.title.staff", "Title of a topic: staff have it, nobody by name.", "name"),
    entry("topic.title.urgent", "Title of a topic: somebody must look at once.", "name"),
    entry("topic.title.closed", "Title of a topic: done.", "name"),
    entry("topic.line", "A line of the talk; {time} is a day and time.", "time", "who", "text"),
    entry("topic.line.earlier", "Above the talk, where it was longer."),
    entry(
        "topic.card.row", "A row of the card; a space before the colon where the language has one.", "label", "value"
    ),
    entry("topic.card.uncertain", "On the card: the messenger did not say whether it took something."),
    entry("topic.card.times", "Over the buttons with free times: what pressing does."),
    entry("topic.card.web", "Last line of the card.", "address"),
    entry("topic.button.note", "Button: the next message is a note."),
    entry("topic.button.called", "Button: the patient was spoken to on the phone."),
    entry("topic.button.no_times", "Button: hides the free times."),
    entry("topic.button.close", "Button: nothing more to do."),
    entry("topic.note.called", "A note, kept after the call's button."),
    entry("topic.toast.note", "Short, after the note's button."),
    entry("topic.toast.called", "Short, after the call's button."),
    entry("topic.toast.closed", "Short, after the closing button."),
    entry(
        "topic.toast.still_open",
        "Short, after the closing or the call's button: what a freeze keeps open stays so until it is cleared.",
    ),
    entry("topic.toast.times", "Short, after the button for free times."),
    entry("topic.toast.nothing", "Short: there was nothing to do."),
    entry("topic.toast.old", "Short: a button of a topic or message that is no more."),
    entry("topic.toast.stranger", "Short: whoever pressed is not known as staff."),
    entry("topic.toast.held", "Short: a colleague holds the chat; what takes it over."),
    entry("topic.notice.stranger", "In the topic, to a member of the group who is not known as staff."),
    entry(
        "topic.notice.not_sent", "In the topic: a message did not go to the patient; {reason} is a sentence.", "reason"
    ),
    entry("topic.notice.only_words", "In the topic: a sticker, a poll or a place did not go to the patient."),
    entry("topic.notice.unknown_command", "In the topic: a line that began with / did not go to the patient."),
    entry("topic.notice.file_failed", "In the topic: a file could not be fetched, and did not go to the patient."),
    entry("topic.notice.file_too_large", "In the topic: a file over 20 MB did not go to the patient."),
    entry("topic.notice.not_changed", "In the topic: a changed message had not gone to the patient."),
    entry("topic.notice.other_file", "In the topic: the file of a changed message did not go to the patient."),
    entry("topic.notice.noted", "In the topic, after the note's button: a message was kept as a note."),
    entry(
        "topic.notice.note_words",
        "In the topic, after the note's button: a file or sticker without words was not kept and not sent.",
    ),
    entry(
        "topic.notice.note_ran_out",
        "In the topic, when the note's button ran out before the words came: they were not kept and not sent.",
    ),
    entry("topic.notice.note_instead", "In the topic: a message that had gone to the patient was changed into a note."),
    entry("topic.notice.taken_over", "In the topic: {name} wrote and has the chat; {holder} had it.", "name", "holder"),
    entry("topic.notice.reminder", "In the topic: nobody has answered; {time}: since when they wait.", "time"),
    entry("topic.notice.escalated", "In the general topic, to managers: still nobody has answered.", "name", "time"),
    entry("topic.link.done", "In the group, once it is connected.", "title"),
    entry("topic.link.may_not_delete", "After that: the bot lacks one right.", "title"),
    entry("topic.link.no_code", "In the group: the code was left out."),
    entry("topic.link.wrong_code", "In the group: the code is unknown, used or too old."),
    entry("topic.link.known", "In the group: it is connected already, and the code was used."),
    entry("topic.link.moved", "In the group that was the desk, once another one is."),
    entry("topic.link.no_forum", "In the group: topics are switched off. The code still works."),
    entry("topic.link.not_admin", "In the group: the bot may not manage topics. The code still works."),
    entry("topic.link.not_reached", "In the group: Telegram did not answer. The code still works."),
    entry("topic.private.about", "In private, to anybody who writes to the staff bot.", "clinic"),
    entry("topic.private.known", "In private, to a member of staff who is connected already.", "name"),
    entry("topic.private.done", "In private, once connected.", "name"),
    entry("topic.private.wrong_code", "In private: the link is unknown, used or too old."),
)
