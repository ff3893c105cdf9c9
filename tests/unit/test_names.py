"""Names: what makes two of them one, what finds them, and what nobody could read."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.names import fault_of_name, has_words, is_visible, readable, search_key, shown_back

NAMES = st.text(max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë", "zoe"),
        ("Łukasz", "LUKASZ"),
        ("Søren Bø", "Soren Bo"),
        ("Đặng", "dang"),
        ("Ħ Ŧ Ɨ Ƙ Ɗ", "h t i k d"),
        ("Þór Æsir Œuvre", "Thor Aesir Oeuvre"),
        ("Işık İnci", "isik inci"),
        ("Straße", "STRASSE"),
        ("Ρόδος", "ροδοσ"),
        ("Артём", "Артем"),
        ("مُحَمَّد", "محمد"),
        ("ﾊﾟﾅ", "パナ"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Robin\u200bDoe\u00ad", "Robin Doe"),
        ("Anne-Marie O’Neill", "anne marie oneill"),
        ("O. N’Golo", "on'golo"),
    ],
)
def test_what_people_type_differently_is_one_name(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カン", "ガン"),
        ("はり", "ぱり"),
        ("राम", "रीमा"),
        ("राम", "रम"),
        ("กา", "กี"),
        ("Майя", "Маия"),
        ("ירון", "ירן"),
        ("علي", "علا"),
        ("Sam", "Sami"),
        ("C", "C++"),
    ],
)
def test_a_mark_that_is_a_letter_makes_another_name(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(NAMES)
def test_a_key_is_the_key_of_itself(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name)


@given(NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_letters_are_encoded_makes_no_difference(name: str, form: str) -> None:
    assert search_key(unicodedata.normalize(form, name)) == search_key(name)


@given(NAMES)
def test_a_name_is_found_by_itself_and_by_each_of_its_words(name: str) -> None:
    words = [word for word in name.split() if search_key(word)]
    assume(words)
    assert has_words(name, name)
    assert all(has_words(name, word) for word in words)
    assert has_words(name, " ".join(reversed(words)))


@pytest.mark.parametrize(
    "words",
    ["Berg", "van der Berg", "vanderberg", "Berg Zoe", "zo", "der b", "ZOEVAN", "berg  ZOË"],
)
def test_any_of_the_names_finds_somebody(words: str) -> None:
    assert has_words("Zoë van der Berg", words)


@pytest.mark.parametrize("words", ["", " ", "-", "erg", "Bergen", "Zoe Xu", "oe", "anderberg"])
def test_what_is_within_a_word_or_not_there_finds_nobody(words: str) -> None:
    assert not has_words("Zoë van der Berg", words)


@pytest.mark.parametrize(
    ("name", "words"), [("王小明", "小明"), ("김민수", "민수"), ("ひろし", "ろし")]
)
def test_scripts_without_spaces_are_searched_at_every_letter(name: str, words: str) -> None:
    assert has_words(name, words)


@pytest.mark.parametrize(
    "name", ["\u200b", "\u3164", "\ufe0f\u200d", "\u2800", "\u00ad \u2060", "\u115f"]
)
def test_a_name_of_invisible_characters_has_a_fault(name: str) -> None:
    assert not is_visible(name)
    assert fault_of_name(name) == "This has no visible characters. Please type it again."


@pytest.mark.parametrize("name", [f"Robin {chr(0xD800)}", chr(0xDFFF), "a\0b", "\ufffd"])
def test_a_name_with_what_cannot_be_read_has_a_fault(name: str) -> None:
    assert fault_of_name(name) == "Part of this can't be read. Please type it again."


@pytest.mark.parametrize("name", ["李", "Zoë", "X Æ A-12", "🙂", "-", "می‌خواهم"])
def test_a_name_that_can_be_seen_has_none(name: str) -> None:
    assert fault_of_name(name) is None


@given(st.text(st.characters(), max_size=40))
def test_readable_text_can_be_kept_anywhere(text: str) -> None:
    kept = readable(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    if "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert kept == text
    shown_back(text).encode()
