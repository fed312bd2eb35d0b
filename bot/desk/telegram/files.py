"""Owns files at the desk: what a member sent, how a patient's file is shown, and fetching by the bot that may.

A file id belongs to one bot, so a file crosses to the patient by download and upload, never by its id.
"""

from telegram import Bot, Message

from bot.desk.telegram.failures import as_errors_of_asking
from bot.services.topic_ports import BoardRefusedError, StaffFile

LARGEST = 20 * 1024 * 1024
"""Bytes a bot may download (Bot API, getFile)."""
LARGEST_PHOTO = 10 * 1024 * 1024
"""Bytes of what is sent as a photo (Bot API, sendPhoto); what is larger goes as a document."""
ANY_TYPE = "application/octet-stream"
LONGEST_NAME = 100


def files_of(message: Message) -> tuple[StaffFile, ...]:
    """Tell which file a message holds; at most one, for an album comes as several messages."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return (StaffFile(file_id=best.file_id, name="photo.jpg", media_type="image/jpeg"),)
    if message.video_note:
        return (StaffFile(file_id=message.video_note.file_id, name="video.mp4", media_type="video/mp4"),)
    if message.voice:
        return (_named(message.voice.file_id, "voice.ogg", message.voice.mime_type or "audio/ogg"),)
    # An animation comes as a document, too.
    held = message.document or message.video or message.audio
    return (_named(held.file_id, held.file_name, held.mime_type),) if held else ()


def is_photo(media_type: str, content: bytes) -> bool:
    """Tell whether Telegram can show this as a photo in the chat."""
    return media_type in ("image/jpeg", "image/png") and len(content) <= LARGEST_PHOTO


async def download(bot: Bot, file_id: str) -> bytes:
    """Fetch a file of this bot, at most 20 MB. Raises BoardError."""
    with as_errors_of_asking():
        file = await bot.get_file(file_id)
    if (file.file_size or 0) > LARGEST or not file.file_path:
        raise BoardRefusedError("file is too big")
    with as_errors_of_asking():
        # Read whole: Telegram itself offers no larger file, and says its size first.
        content = bytes(await file.download_as_bytearray())
    if len(content) > LARGEST:
        raise BoardRefusedError("file is too big")
    return content


def _named(file_id: str, name: str | None, media_type: str | None) -> StaffFile:
    plain = (name or "").replace("\\", "/").rpartition("/")[2].strip()
    return StaffFile(file_id=file_id, name=plain[-LONGEST_NAME:] or "file", media_type=media_type or ANY_TYPE)
