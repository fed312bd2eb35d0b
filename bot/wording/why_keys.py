"""The texts of the card's part on messages (which left, and why none comes now), and of batches a person releases."""

from bot.wording.page_entries import PageEntry, entry, family
from flows.outreach.cadence import Campaign
from flows.outreach.ledger import Basis

WHY_ENTRIES: tuple[PageEntry, ...] = (
    entry("desk.why.name", "Heading on the card: messages that leave by themselves."),
    entry("desk.why.last", "Label (card): the last message that left by itself."),
    entry("desk.why.none", "Value (card): no message has left by itself yet."),
    entry("desk.why.right", "Label (card): what that message rested on."),
    *family("desk.basis", "Value (card): the ground a message rests on, before a date.", Basis),
    entry("desk.why.since", "Value (card): the ground, and since when it is given.", "basis", "date"),
    entry("desk.why.planned", "Label (card): when the next message is planned for."),
    entry("desk.why.against", "Label (card): why no message comes now; a list of desk.refusal follows."),
    entry("desk.why.until", "Small, after a reason: when it ends by itself.", "date"),
    entry("desk.why.not_before", "Label (card): a message waits until then; a reason of desk.wait follows."),
    entry("desk.why.left_out", "Value (card): a colleague left a message out of a batch; no other before.", "date"),
    entry("desk.why.not_released", "Value (card): nobody released a message in time; no other before.", "date"),
    entry("desk.why.free", "Value (card): nothing speaks against a message, it comes by itself."),
    *family("desk.campaign", "What a message is, at the start of a line.", Campaign),
    entry("desk.release.name", "Heading and link: messages that a person must release."),
    entry("desk.release.waiting", "Link in the head of the desk: how many wait.", "count"),
    entry("desk.release.intro", "Above the batches: what releasing means."),
    entry("desk.release.none", "No batch waits."),
    entry("desk.release.count", "Beside a batch.", "count", counts="count"),
    entry("desk.release.from", "Beside a batch: when its first message leaves.", "time"),
    entry("desk.release.look", "Button of a batch: look through it.", "batch"),
    entry("desk.release.untick", "Above the messages of a batch."),
    entry("desk.release.no_words", "Instead of a text: there is nothing to say now."),
    entry("desk.release.more", "Under the list, when a batch is too long for one page.", "count"),
    entry("desk.release.button", "Button."),
    entry("desk.release.done", "Said once after the release.", "released", "left_out"),
    entry("desk.release.too_late", "Said besides: messages that could not be decided about any more.", "count"),
    entry("desk.release.back", "Link from a batch to all batches."),
)
