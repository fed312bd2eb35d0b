"""Russian in Latin letters, and what was typed while the keyboard stood on the other alphabet."""

import re

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_KEYS = str.maketrans(_LATIN_KEYS + _CYRILLIC_KEYS, _CYRILLIC_KEYS + _LATIN_KEYS)

_SOUNDS = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ju": "ю",
    "ya": "я", "ja": "я", "yo": "ё", "jo": "ё", "ye": "е", "je": "е", "iy": "ий", "yy": "ый", "yj": "ый", "ij": "ий",
    "ck": "к", "ph": "ф", "4": "ч", "6": "ш", "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г",
    "h": "х", "i": "и", "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "х", "y": "ы", "z": "з", "'": "ь",
}  # fmt: skip
_OF_SEVERAL = re.compile("|".join(sorted((sound for sound in _SOUNDS if len(sound) > 1), key=len, reverse=True)))
_OF_ONE = str.maketrans({sound: letter for sound, letter in _SOUNDS.items() if len(sound) == 1})
_Y_BEHIND_A_VOWEL = re.compile("(?<=[aeiou])y(?![aou])")
_DIGIT_ALONE = re.compile(r"(?<![a-z])[46](?![a-z])")
_KEPT = str.maketrans("46", "\ue004\ue006")
_RESTORED = str.maketrans("\ue004\ue006", "46")


def latin_to_cyrillic(lowered: str) -> str:
    """Write a Russian text in small Latin letters as it sounds: "priyti" as "прийти". Numbers stay numbers."""
    kept = _DIGIT_ALONE.sub(lambda digit: digit.group().translate(_KEPT), lowered)
    sounding = _Y_BEHIND_A_VOWEL.sub("j", kept)
    joined = _OF_SEVERAL.sub(lambda sound: _SOUNDS[sound.group()], sounding)
    return joined.translate(_OF_ONE).translate(_RESTORED)


def on_the_other_keyboard(lowered: str) -> str:
    """Write a text in small letters as if the keyboard had stood on the other alphabet: "ghbdtn" as "привет"."""
    return lowered.translate(_OTHER_KEYS)
