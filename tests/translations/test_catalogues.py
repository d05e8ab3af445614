"""Each catalogue holds the texts of the code as it is now; of a complete one each text can be shown."""

import io
import re
import shlex
import subprocess
import sys

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config import LANGUAGES, ROOT

COMPLETE = ["fr", "nl", "de"]
"""Languages into which every text is translated; add one when its catalogue is done."""
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
EXTRACTION = re.compile(r'"\$PY" (-m babel\.messages\.frontend --quiet extract (?:.*\\\n)*.*)\n')
POT = "build/messages.pot"


@pytest.fixture(scope="session")
def texts(tmp_path_factory):
    """What `./run messages` extracts, by message id."""
    pot = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = EXTRACTION.search((ROOT / "run").read_text())[1].replace("\\\n", " ")
    assert POT in command
    subprocess.run([sys.executable, *shlex.split(command.replace(POT, str(pot)))], cwd=ROOT, check=True)
    with pot.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def catalogues():
    """The catalogue of each language."""
    found = {}
    for language in TRANSLATED:
        with (ROOT / f"scheduler/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
            found[language] = read_po(file, abort_invalid=True)
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text(texts, catalogues, language):
    missing = [text for text in texts if text not in catalogues[language]]

    assert not missing, "./run messages adds them"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_no_text_that_is_gone(texts, catalogues, language):
    gone = [message.id for message in catalogues[language] if message.id and message.id not in texts]

    assert not gone, "./run messages removes them"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_knows_its_language(catalogues, language):
    assert str(catalogues[language].locale) == LANGUAGES[language]


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_catalogue_translates_every_text(catalogues, language):
    assert [message.id for message in catalogues[language] if message.id and not all(_forms(message.string))] == []


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_catalogue_guesses_nothing(catalogues, language):
    assert [message.id for message in catalogues[language] if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_catalogue_has_each_plural_form(catalogues, language):
    count = catalogues[language].num_plurals
    plurals = [message for message in catalogues[language] if message.pluralizable]

    assert [message.id for message in plurals if len(_forms(message.string)) != count] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(catalogues, language):
    wrong = []
    for message in catalogues[language]:
        sources = _forms(message.id)
        for number, form in enumerate(_forms(message.string)):
            source = sources[min(number, len(sources) - 1)]
            if form and sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(source)):
                wrong.append((source, form))

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_compiles(catalogues, language):
    problems = [(message.id, errors) for message, errors in catalogues[language].check()]
    write_mo(io.BytesIO(), catalogues[language])

    assert problems == []


def _forms(text):
    return text if isinstance(text, tuple) else (text,)
