"""What a job pays: ranges read from what people type, and written for whoever looks for a job."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from bot.domain.dates import babel_locale
from bot.domain.posting import IN_ENGLISH, PostingWords, filled

LIKE_THIS = "Write it like 75,000–92,000 EUR a year."
MOST = Decimal(10) ** 12

SYMBOLS = {
    **{"US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD"},
    **{"HK$": "HKD", "SG$": "SGD", "S$": "SGD", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP"},
    **{"¥": "JPY", "円": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH"},
    **{"₱": "PHP", "₫": "VND", "฿": "THB", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "лв": "BGN"},
}
"""What people write for a currency; the longer ones first."""

DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"})
KRONER = frozenset({"SEK", "NOK", "DKK", "ISK"})

NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?)"
    r"\s*(?P<k>[kK](?![A-Za-z]))?"
)
RANGE = re.compile(r"\s*(?:-|–|—|‐|‑|−|\bto\b|\band\b|\bbis\b)\s*")
FILLER = re.compile(r"\b(?:from|between|a|an|per|each|gross|pay|salary)\b|[/.,]", re.I)


class PayPeriod(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def words(self) -> str:
        return f"{'an' if self is PayPeriod.HOUR else 'a'} {self}"


PERIODS = {
    PayPeriod.HOUR: r"hours?|hourly|hrs?|h",
    PayPeriod.DAY: r"days?|daily",
    PayPeriod.WEEK: r"weeks?|weekly|wk",
    PayPeriod.MONTH: r"months?|monthly|mo",
    PayPeriod.YEAR: r"years?|yearly|annual(?:ly)?|annum|yr|y|p\.?\s?a\.?",
}
"""How people write each."""


class NoSuchPay(ValueError):
    """What was typed is no pay that can be read; its words are for whoever typed it."""


@dataclass(frozen=True)
class Pay:
    """From how much to how much, in whole units of a currency (ISO 4217)."""

    minimum: Decimal
    maximum: Decimal
    currency: str
    period: PayPeriod

    @property
    def typed(self) -> str:
        """As it can be typed again."""
        span = "–".join(dict.fromkeys(f"{one:,}" for one in (self.minimum, self.maximum)))
        return f"{span} {self.currency} {self.period.words}"

    def text(self, words: PostingWords = IN_ENGLISH) -> str:
        """Such as "€75,000–92,000 a year", as money is written in that language."""
        pattern: str = getattr(words.opening.periods, self.period)
        return filled(pattern, amount=self._span(babel_locale(words.language)))

    def _span(self, locale: str) -> str:
        from babel.numbers import format_currency, format_decimal  # few requests need it

        whole = all(one == one.to_integral_value() for one in (self.minimum, self.maximum))
        pattern = None if not whole else _without_cents(locale)
        most = format_currency(
            self.maximum, self.currency, pattern, locale=locale, currency_digits=not whole
        )
        if self.minimum == self.maximum:
            return most
        digits = 0 if whole else fraction_digits(self.currency)
        decimals = f"#,##0.{'0' * digits}" if digits else "#,##0"
        least, number = (
            format_decimal(one, decimals, locale=locale) for one in (self.minimum, self.maximum)
        )
        return most.replace(number, f"{least}–{number}", 1)


@cache
def _without_cents(locale: str) -> str:
    from babel import Locale

    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return re.sub(r"0\.0+", "0", pattern)


@cache
def currencies() -> frozenset[str]:
    """Those that are legal tender somewhere today."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    places = get_global("territory_currencies")
    return frozenset(code for place in places for code in get_territory_currencies(place))


def fraction_digits(currency: str) -> int:
    """How many digits its amounts have after the point; never three, which read as thousands."""
    from babel.numbers import get_currency_precision

    return min(2, get_currency_precision(currency))


def pay_of(
    typed: str, currency: str | None = None, period: PayPeriod = PayPeriod.YEAR
) -> Pay | None:
    """The pay in "75-92k EUR a year"; None where nothing was typed. `currency` and `period` hold
    where none is written. Raises NoSuchPay.
    """
    rest = " ".join(typed.split())
    if not rest:
        return None
    rest, amounts = _amounts(rest)
    rest, written = _currency(rest, currency)
    rest, period = _period(rest, period)
    left = " ".join(FILLER.sub(" ", RANGE.sub(" ", rest)).split())
    if left and re.fullmatch(r"[A-Za-z]{3}", left):
        raise NoSuchPay(f"“{left}” isn't a currency in use. Use a code such as USD or EUR.")
    if left:
        raise NoSuchPay(f"I can't read “{left[:40]}”. {LIKE_THIS}")
    if written is None:
        raise NoSuchPay(f"Add the currency. {LIKE_THIS}")
    return _checked(Pay(amounts[0], amounts[-1], written, period))


def _checked(pay: Pay) -> Pay:
    if pay.minimum > pay.maximum:
        raise NoSuchPay("The minimum is above the maximum.")
    if not 0 < pay.minimum <= pay.maximum < MOST:
        raise NoSuchPay(f"These amounts can't be right. {LIKE_THIS}")
    digits = fraction_digits(pay.currency)
    if any(-int(one.as_tuple().exponent) > digits for one in (pay.minimum, pay.maximum)):
        raise NoSuchPay(f"Amounts in {pay.currency} have at most {digits} digits after the point.")
    return pay


def _amounts(text: str) -> tuple[str, list[Decimal]]:
    """The one or two amounts, and the text without them."""
    found = list(NUMBER.finditer(text))
    if not 1 <= len(found) <= 2:
        raise NoSuchPay(f"Write two numbers, or one if it's fixed. {LIKE_THIS}")
    if re.search(r"-\s*\d", text[: found[0].end()]) or re.search(r"\bup to\b", text, re.I):
        raise NoSuchPay(f"Write from how much to how much. {LIKE_THIS}")
    amounts = [_number(match) for match in found]
    is_thousands = found[-1]["k"] and not found[0]["k"] and amounts[0] < 1000
    if len(found) == 2 and is_thousands:  # as in 75-92k
        amounts[0] *= 1000
    return NUMBER.sub(" ", text), amounts


def _number(match: re.Match[str]) -> Decimal:
    digits = re.sub(r"['’ \u00a0\u202f]", "", match["digits"])
    head, sign, tail = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    is_fraction = sign and len(tail) != 3
    whole = re.sub(r"[.,]", "", head if is_fraction else digits)
    number = Decimal(f"{whole}.{tail}" if is_fraction else whole) * (1000 if match["k"] else 1)
    is_whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if is_whole else number.normalize()


def _currency(text: str, usual: str | None) -> tuple[str, str | None]:
    words = re.findall(r"\b[A-Z]{3}\b", text) or re.findall(r"\b[A-Za-z]{3}\b", text)
    for word in words:
        if word.upper() in currencies():
            return _without_symbols(text.replace(word, " ")), word.upper()
    if re.search(r"\bkr\b", text) and usual in KRONER:
        return re.sub(r"\bkr\b", " ", text), usual
    for symbol, code in SYMBOLS.items():
        if symbol in text:
            is_usual = symbol == "$" and usual in DOLLARS
            return _without_symbols(text), usual if is_usual else code
    return text, usual


def _without_symbols(text: str) -> str:
    for symbol in SYMBOLS:
        text = text.replace(symbol, " ")
    return text


def _period(text: str, usual: PayPeriod) -> tuple[str, PayPeriod]:
    for period, found in _periods(text):
        return text[: found.start()] + " " + text[found.end() :], period
    return text, usual


def _periods(text: str) -> Iterator[tuple[PayPeriod, re.Match[str]]]:
    for period, words in PERIODS.items():
        if found := re.search(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", text, re.I):
            yield period, found
