"""All texts of web pages and the desk, by key."""

from collections.abc import Mapping

from bot.wording.desk_keys import DESK_ENTRIES
from bot.wording.gate_keys import GATE_ENTRIES
from bot.wording.page_entries import PageEntry
from bot.wording.page_keys import DEMO_ENTRIES, PATIENT_ENTRIES
from bot.wording.telegram_keys import TELEGRAM_ENTRIES
from bot.wording.topic_keys import TOPIC_ENTRIES
from bot.wording.why_keys import WHY_ENTRIES

PAGE_ENTRIES: Mapping[str, PageEntry] = {
    entry.key: entry
    for entry in (
        *PATIENT_ENTRIES,
        *DESK_ENTRIES,
        *GATE_ENTRIES,
        *WHY_ENTRIES,
        *TELEGRAM_ENTRIES,
        *TOPIC_ENTRIES,
        *DEMO_ENTRIES,
    )
}
"""Keys begin with `page.` (patients, and what all pages share), `desk.` (staff), `telegram.` (the patients' bot there),
`topic.` (staff's forum group) or `demo.` (the rehearsal)."""
