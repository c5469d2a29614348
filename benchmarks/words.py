"""The vocabulary of the generated posts: invented people, ordinary words, nothing anybody wrote."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


AUTHORS = {
    "ingrid-solberg": "Ingrid Solberg",
    "tomas-okonjo": "Tomás Okonjo",
    "maja-lindqvist": "Maja Lindqvist",
    "rohan-iyer": "Rohan Iyer",
    "beatrix-achterberg": "Beatrix Achterberg",
}
"""Author's id → name; `benchmarks/*/site.toml` names the same five."""

TAGS = _listed(
    """service-desk planning people budget security network teaching research library accessibility
    email printing timetable wifi identity backups storage hiring training procurement suppliers contracts
    incidents outages lessons feedback survey roadmap migration telephony classrooms lecterns cameras
    data privacy reporting dashboards governance committees strategy values mentoring wellbeing volunteering
    awards conferences visitors students alumni laboratories servers energy sustainability recycling desks
    laptops phones passwords phishing newsletters"""
)
"""The tags, commonest first: their frequencies follow Zipf's law."""

SERIES = (
    "A year of small improvements",
    "Walking the corridors",
    "Notes from the service desk",
    "Ask me anything",
    "The quiet hour",
    "Numbers that matter",
    "People behind the screens",
    "Reading aloud",
)

PAGES = {
    "about": "About",
    "contact": "Contact",
    "speaking": "Speaking",
    "reading": "Reading",
    "now": "What I’m doing now",
}
"""Page's slug → title."""

TITLE_STARTS = _listed(
    """Mending Counting Opening Answering Retiring Explaining Rewiring Sharing Halving Visiting Naming
    Trusting Postponing Celebrating"""
)
TITLE_THINGS = _listed(
    """printers passwords queues meetings maps promises backups doors calendars lectures cables numbers
    budgets corridors questions"""
)
TITLE_ENDS = (
    "before the term begins",
    "without a single ticket",
    "after the long outage",
    "with a smaller team",
    "that nobody asked for",
    "in four quiet weeks",
    "for people who travel",
    "when it’s already late",
    "as if they were ours",
    "one building at a time",
    "over a cup of tea",
    "the second time round",
)

WORDS = _listed(
    """the of a to and in we for that it is on with our as this at they by you was are be from have not
    one but what when who there their can if more will about so up out all some would which than into your
    people team week day service work time term students staff room building desk network system machine
    screen question answer ticket call meeting plan change project month year morning evening budget report
    number list letter page office library laboratory lecture campus printer password laptop phone cable
    server backup window corridor kitchen garden train bicycle supplier contract colleague visitor guest
    manager director engineer librarian lecturer teacher researcher porter apprentice first second last next
    early late quick slow small large quiet loud honest plain careful curious patient open closed new old
    good better best easy hard clear warm cold long short whole half enough again always never often
    sometimes together before after during without between around under across along toward ask answer
    listen learn teach mend build break test measure count write read speak walk wait visit promise deliver
    explain decide agree start finish open close move carry hold share thank notice remember forget improve
    replace repair retire arrange prepare welcome celebrate because although while until unless however
    therefore perhaps almost nearly simply rather quite very Monday Tuesday Friday September January
    we’ve it's didn't you'll that's everyone's team's naïve café résumé Zoë façade"""
)
"""Words of the bodies, commonest first: their frequencies fall off as 1 / (rank + 3)."""
