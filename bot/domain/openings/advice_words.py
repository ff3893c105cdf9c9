"""Words of a posting that keep good people away, or that the law is against."""

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.do_not_ask import findings
from bot.domain.openings.advice_book import AdviceBook, Part, PostingAdvice, WordRule
from bot.domain.openings.advice_finding import Finding, Spot
from bot.domain.openings.advice_lines import Written, lines_of, words_of
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.text import Text

MOST_QUOTED = 6
"""Coded words that are quoted: enough to see what is meant."""


def on_words(lines: Iterable[Written], book: AdviceBook) -> Iterator[Finding]:
    """What the rules and the guard hold against each line."""
    for line in lines:
        found = [*_by_rules(line, book.posting)]
        yield from found
        yield from _by_guard(line, book, found)


def _by_rules(line: Written, advice: PostingAdvice) -> Iterator[Finding]:
    is_asked = advice.is_requirements(line.spot)
    for rule in advice.rules:
        if rule.part is Part.REQUIREMENTS and not is_asked:
            continue
        seen: set[str] = set()
        for match in rule.find(line.plain):
            words = line.text[match.start() : match.end()]
            if words.lower() not in seen:
                seen.add(words.lower())
                yield _finding(rule, line, words, match.start())


def _finding(rule: WordRule, line: Written, words: str, start: int) -> Finding:
    use = rule.use_for(words)
    return Finding(
        rule=rule.id,
        title=rule.title,
        why=rule.why,
        instead=f"“{use}”" if use else rule.instead,
        spot=line.spot,
        references=(rule.source.reference,),
        checked=rule.checked,
        words=(words,),
        law=rule.law or "",
        use=use,
        start=start,
    )


def _by_guard(line: Written, book: AdviceBook, found: Sequence[Finding]) -> Iterator[Finding]:
    """What must not be asked, unless a rule has said so already."""
    if book.posting.is_of_company(line.spot):
        return
    ids = {one.rule for one in found}
    covered = {it for rule in book.posting.rules if rule.id in ids for it in rule.covers}
    said = [words.lower() for one in found for words in one.words]
    for one in findings(line.text, book.do_not_ask):
        words = line.at(one.words)
        small = words.lower()
        if one.rule.topic in covered or any(small in other for other in said):
            continue
        guard, where = book.posting.guard, ", ".join(one.rule.jurisdictions)
        yield Finding(
            rule="do-not-ask",
            title=one.rule.topic.capitalize(),
            why=one.rule.why,
            instead=f"Ask {one.rule.ask_instead}",
            spot=line.spot,
            references=(guard.source.reference,),
            checked=one.rule.checked,
            words=(words,),
            law=where,
            places=one.rule.jurisdictions,
        )


def on_coded_words(text: Text, advice: PostingAdvice) -> Iterator[Finding]:
    """Whether the words of the whole sound like those for men or for women."""
    coded = advice.coded
    plain = [coded.without_harmless(line.plain) for line in lines_of(text)]
    masculine = [match[0] for line in plain for match in coded.masculine_words.finditer(line)]
    feminine = [match[0] for line in plain for match in coded.feminine_words.finditer(line)]
    more = abs(len(masculine) - len(feminine))
    count = sum(len(words_of(line)) for line in plain)
    if more < coded.least or more * 100 < coded.share * count:
        return
    is_masculine = len(masculine) > len(feminine)
    kind, words = ("masculine", masculine) if is_masculine else ("feminine", feminine)
    yield Finding(
        rule="coded-words",
        title=f"Words that sound {kind}",
        why=coded.why,
        instead=coded.instead,
        spot=Spot(OpeningField.TEXT),
        references=(coded.source.reference,),
        checked=coded.checked,
        words=tuple({word.lower(): word for word in words}.values())[:MOST_QUOTED],
    )
