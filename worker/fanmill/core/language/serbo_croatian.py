"""Bosnian, Croatian and Serbian in Latin letters, which differ in some words alone."""

import re
from typing import Final

_EKAVIAN: Final = re.compile(
    r"\b(?:gde|ovde|nigde|uvek|posle|pre|mesto|mesta|vreme|vremena|vek|veka|dete|dece|deca|svet|sveta|"
    r"svetu|reč|reči|lep[aoeiu]?|ceo|cel[aeiou]|del[aou]?|delom|nedelj\w+|sledeć\w+|potrebn?|celin\w+|"
    r"video|videti|hteo|hteti|želeo|razumevanj\w+|vera|vere|savest\w*|primen\w+|zahtev\w*|"
    r"bezbedn\w+|odred\w+|odnes\w+|mer[aeiou]|cen[aeiou]|rešenj\w+|nasled\w+|predel\w+|ubeđenj\w+)\b"
)
_IJEKAVIAN: Final = re.compile(
    r"\b\w*(?:ije|vje|mje|bje|pje|dje|tje|sje|rje[čšd]|lje[tp])\w*\b|\b(?:gdje|ovdje|uvijek|poslije|prije)\b"
)
_CROATIAN: Final = re.compile(
    r"\b(?:tko|netko|nitko|svatko|tjed\w+|tisuć\w+|općin\w+|uopće|sveučiliš\w+|siječ\w+|veljač\w+|ožuj\w+|"
    r"travn\w+|svib\w+|lipnj\w+|srpnj\w+|kolovoz\w*|rujn\w+|listopad\w*|studen\w+|prosin\w+|vlak\w*|kruh\w*|"
    r"nogomet\w*|zrak\w*|točn\w+|povijes\w+|obitelj\w*|glazb\w+|tvrtk\w+|izvješć\w+|sukladno|glede|"
    r"ured\w*|pučanstv\w+|kazališ\w+|zemljovid\w*|računal\w+|mrkv\w+|uporab\w+|bit će|promidžb\w+|"
    r"tijekom|znanstven\w+|milijun\w*|sustav\w*|udrug\w+|ozljed\w+|"
    r"nitko|ičij\w+|ozračj\w+|promicanj\w+|poučavanj\w+|skrb\w*|odgoj\w*|naobrazb\w+|dragovoljn\w+)\b"
)
_EASTERN: Final = re.compile(
    r"\b(?:ko|neko|niko|svako|sedmic\w+|hiljad\w+|opštin\w+|uopšte|univerzitet\w*|januar\w*|februar\w*|mart\w*|"
    r"april\w*|maj\w*|jun\w*|jul\w*|avgust\w*|septembar|septembr\w+|oktobar|oktobr\w+|novembar|novembr\w+|"
    r"decembar|decembr\w+|voz\w*|hljeb\w*|hleb\w*|fudbal\w*|vazduh\w*|tačn\w+|istorij\w+|historij\w+|"
    r"porodic\w+|muzik\w+|preduzeć\w+|izvještaj\w*|kancelarij\w+|pozorišt\w+|opšt\w+|lahk\w+|kahv\w+|"
    r"tokom|naučnic\w+|milion\w*|sistem\w*|ćelij\w+|vjerovatn\w+|saradnj\w+|evrop\w+|mada|prečnik\w*|"
    r"saopšt\w+|obezb\w+|takođe|kompjuter\w*|ustaljen\w+|da li|bezbjedn\w+|ličnost\w*)\b"
)


def nearest(text: str) -> tuple[str, bool]:
    """Return `bs`, `hr` or `sr` for a text in one of them, and whether the words decide clearly.

    Serbian has `e` where the others have `ije` or `je`. Bosnian has `ije` and words that Croatian
    replaces by its own. A text without such words is Croatian.
    """
    folded = text.casefold()
    ekavian, ijekavian = len(_EKAVIAN.findall(folded)), len(_IJEKAVIAN.findall(folded))
    western, eastern = len(_CROATIAN.findall(folded)), len(_EASTERN.findall(folded))
    if ekavian > ijekavian and ekavian + eastern > western:
        return "sr", ekavian + eastern > western + ijekavian + 1
    if eastern > western and ijekavian:
        return "bs", False
    if eastern > western:
        return "sr", False
    return "hr", western > eastern + 1 and ijekavian >= ekavian
