"""English words that distinguish people, organisations and places: data of our own choice."""

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in listed.split(","))


ADDRESSES: Final = _set("""
mr mr. mrs mrs. ms ms. dr dr. prof prof. professor sir sen sen. rep. gov gov. gen gen. col col.
lt lt. capt capt. sgt sgt. rev rev. president senator chancellor minister secretary judge
captain archbishop bishop cardinal pope king queen prince princess
""")
"""Words before a single name that show that it is a person's name."""

TITLES: Final = ADDRESSES | _set("""
lord lady dame prime premier representative governor mayor justice colonel general lieutenant
major maj. sergeant reverend ambassador chairman chairwoman coach manager striker midfielder
goalkeeper defender forward analyst spokesman spokeswoman attorney detective inspector
commissioner director
""")
"""Words before a name that are not part of it."""

PARTICLES: Final = _set("""
de la van von der den del di da bin al el le du dos ter ben ibn
""")
"""Lower-case words inside people's names."""

JOINERS: Final = PARTICLES | frozenset({"of", "for", "and", "the", "&"})
"""Lower-case words inside any name."""

ORGANISATION_ENDS: Final = _set("""
inc inc. corp corp. co co. ltd ltd. plc llc gmbh ag s.a. sa nv n.v. spa ab oy as kg company
corporation group holdings industries airlines airways bank university college institute
ministry party council committee commission association federation union organization
organisation agency authority board court parliament senate congress assembly club fc united
league society foundation trust museum hospital times post herald tribune news journal
television radio systems technologies software pharmaceuticals motors partners securities
capital insurance communications telecom petroleum oil energy electric steel brothers
laboratories department bureau office school army navy police
""")
ORGANISATION_HEADS: Final = _set("""
bank university ministry department institute college bureau court house board council church
school academy museum association federation union organization organisation league society
confederation office
""")
"""Words that begin an organisation's name before `of` or `for`."""

ORGANISATIONS: Final = _set("""
NATO OSCE OPEC UNESCO UNICEF UNHCR IAEA IMF WTO WHO FIFA UEFA NASA FBI CIA NSA BBC CNN NBC CBS
ABC AFP TASS Interfax Reuters Xinhua Bloomberg EU UN U.N. ASEAN OECD ECB IOC NHL NBA NFL MLB ATP
WTA IBM GM BMW SAP Microsoft Google Amazon Facebook Intel Nokia Samsung Sony Toyota Honda Nissan
Hyundai Volkswagen Siemens Boeing Airbus Exxon BP Hamas Hezbollah Hizbollah Taliban PKK KGB FSB
Kremlin Pentagon Congress Senate Knesset Bundesbank Bundestag Treasury SEC FDA EPA HSBC UBS
Citigroup Walmart Wal-Mart Pfizer Merck Bayer Nestle Unilever Renault Peugeot Fiat Volvo
Ericsson Philips Motorola Oracle Yahoo Netflix Tesla Lufthansa Gazprom Greenpeace Interpol
Europol
""")
"""Organisations of a single word, in their spelling."""

ORGANISATIONS_OF_WORDS: Final = _phrases("""
united nations, world bank, red cross, federal reserve, white house, european commission,
european union, european parliament, security council, world health organization, world trade
organization, international monetary fund, supreme court, amnesty international, human rights
watch, general motors, general electric, deutsche bank, deutsche telekom, associated press, wall
street journal, new york times, washington post, financial times, african union, arab league,
european central bank, house of representatives, house of commons, house of lords, scotland
yard, state department, foreign ministry, defence ministry, defense ministry, finance ministry,
interior ministry, justice department, islamic state, manchester united, real madrid, inter
milan, ac milan, bayern munich
""")

PLACES: Final = _phrases("""
u.s., u.s, usa, us, uk, u.k., britain, great britain, england, scotland, wales, america,
northern ireland, republic of ireland, soviet union, yugoslavia, czech republic, holland,
netherlands, burma, zaire, macedonia, ivory coast, east timor, palestine, west bank, gaza, gaza
strip, middle east, hong kong, chechnya, kosovo, bosnia, kurdistan, siberia, bavaria, saxony,
catalonia, andalusia, tibet, kashmir, punjab, crimea, korea, south korea, north korea, north
america, south america, latin america, central america, western europe, eastern europe,
southeast asia, south asia, west africa, north africa, balkans, scandinavia, caribbean, persian
gulf, red sea, black sea, mediterranean, antarctica, arctic, midwest, new england, new york
city, wall street, capitol hill, silicon valley, hollywood, manhattan, brooklyn, heathrow,
yorkshire, lancashire, essex, cornwall, brittany, normandy, tuscany, sicily, sardinia, corsica,
flanders, wallonia, queensland, new south wales, tasmania, south australia, western australia,
british columbia, quebec, ontario, alberta, manitoba, saskatchewan, nova scotia, hokkaido,
okinawa, vatican
""")
"""Places that the lists of countries, states and cities lack under this name."""

NO_PLACES: Final = _set("""
man jersey nice reading bath mobile batman of split cork male best orange progress union price
march most deal ford columbia central eastern western southern northern north south east west
grand great royal national international american guernsey
""")
"""Names of places that more often have another meaning."""

CALENDAR: Final = _set("""
january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday
""")
