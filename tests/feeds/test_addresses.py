import pytest

from scheduler.feeds.addresses import feed_path, links_of, program_of, slug_of


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("iOS/19.1 (23B85) dataaccessd/1.0", "Apple Calendar"),
        ("macOS/16.0 (25A354) CalendarAgent/1024", "Apple Calendar"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1)", "Outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0", "Thunderbird"),
        ("ICSx5/2.3 (ical4j/3.2)", "ICSx⁵"),
        ("SomeCalendar/2.0 (x)", "SomeCalendar"),
        ("", ""),
    ],
)
def test_programs_are_called_by_their_names(agent, program):
    assert program_of(agent) == program


def test_a_slug_is_plain():
    assert slug_of("Dr Chloé d’Exemple-Müller") == "dr-chloe-dexemple-muller"
    assert slug_of("Mons–Maubeuge · Urologie") == "mons-maubeuge-urologie"
    assert slug_of("Δρ Ω") == "roster"


def test_links_carry_the_address_escaped():
    links = links_of("https://roster.example", feed_path("tok-en", "Dr X"), "Roster – Dr X")

    assert links.https == "https://roster.example/cal/tok-en/dr-x.ics"
    assert links.webcal == "webcal://roster.example/cal/tok-en/dr-x.ics"
    assert links.google.endswith("?cid=webcal%3A%2F%2Froster.example%2Fcal%2Ftok-en%2Fdr-x.ics")
    assert "url=https%3A%2F%2Froster.example" in links.outlook_work
    assert links.outlook_home.endswith("name=Roster%20%E2%80%93%20Dr%20X")
