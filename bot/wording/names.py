"""Greets a reader by name as their language does, or without a name rather than with a wrong one."""

from collections.abc import Iterable, Mapping

from bot.wording.facts import Reader
from bot.wording.plain_lines import one_line
from bot.wording.style import PART, Address, Style
from flows.vocabulary import Sex

LONGEST_NAME = 40
ANYBODY = "any"
LADY = "lady"
GENTLEMAN = "gentleman"
KIND_OF_SEX: Mapping[Sex, str] = {Sex.FEMALE: LADY, Sex.MALE: GENTLEMAN}


def all_titles(styles: Iterable[Style]) -> Mapping[str, str]:
    """Join the titles of all languages: a list may write "Mrs" for somebody who reads French."""
    return {title: kind for style in styles for title, kind in style.address.titles.items()}


def greeting(reader: Reader, address: Address, titles: Mapping[str, str]) -> str:
    """Greet the reader by name where it is surely right, else without."""
    name = name_of(reader, address, titles)
    return address.named.replace("{name}", name) if name else address.nameless


def name_of(reader: Reader, address: Address, titles: Mapping[str, str]) -> str | None:
    """Tell how the reader is addressed by name; None if a part that the form needs is unknown or doubtful."""
    form = _form(reader, address, titles)
    if form is None:
        return None
    names = {
        "first": one_line(reader.first_name or ""),
        "last": _capitalised(one_line(reader.last_name or ""), address),
        "patronymic": one_line(reader.patronymic or ""),
    }
    needed = PART.findall(form)
    if any(not _looks_like_a_name(names[part]) for part in needed):
        return None
    return PART.sub(lambda part: names[part[1]], form)


def _form(reader: Reader, address: Address, titles: Mapping[str, str]) -> str | None:
    titled = titles.get(one_line(reader.title or "").casefold().rstrip("."))
    by_sex = KIND_OF_SEX.get(reader.sex)
    if by_sex and titled in (LADY, GENTLEMAN) and titled != by_sex:
        return address.forms.get(ANYBODY)
    for kind in (titled, by_sex, ANYBODY):
        if kind and (form := address.forms.get(kind)):
            return form
    return None


def _looks_like_a_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and any(letter.isalpha() for letter in name)


def _capitalised(name: str, address: Address) -> str:
    if address.prefix == "capital" and name:
        return name[0].upper() + name[1:]
    return name
