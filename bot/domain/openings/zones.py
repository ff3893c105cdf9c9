"""Where the days of an opening end, as far as its company and its places say."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from babel.core import get_global

from bot.domain.company import Company
from bot.domain.openings.places import Place

UTC = "UTC"

PRIMARY = {
    **{"CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin"},
    **{"EC": "America/Guayaquil", "ES": "Europe/Madrid", "MH": "Pacific/Majuro"},
    **{"MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon"},
    **{"UA": "Europe/Kiev", "UZ": "Asia/Tashkent"},
}
"""Countries of several zones of which one is meant, by CLDR's primaryZones."""


def zone_of_days(company: Company | None, places: Sequence[Place]) -> str:
    """The zone in which a closing day ends: the company's, else that of the first place's country,
    else UTC, as for a country that is as wide as the United States.

    It is the same whoever asks and wherever they are.
    """
    if company is not None and company.zone is not None:
        return company.zone
    return _by_country().get(places[0].country, UTC) if places else UTC


@cache
def _by_country() -> dict[str, str]:
    zones: dict[str, str] = dict(get_global("zone_territories"))
    count = Counter(zones.values())
    only = {country: zone for zone, country in zones.items() if count[country] == 1}
    return only | PRIMARY
