"""Why a message may not leave, or not yet, in words for colleagues: one text for each reason the gate can give."""

from bot.wording.page_entries import PageEntry, family
from flows.outreach.verdict import Refusal, Wait

GATE_ENTRIES: tuple[PageEntry, ...] = (
    *family("desk.refusal", "Why a patient is not written to; a short phrase about them, after a colon.", Refusal),
    *family("desk.wait", "Why a message waits; a short phrase, after a colon.", Wait),
)
