"""What pages look like on a phone in each language, and the board in a wide window."""

import pytest

PAGES = (
    "/",
    "/leave",
    "/sites/1",
    "/agreements/1",
    "/rosters/1/versions/1",
    "/rosters/1/versions/1/publish",
    "/rosters/1/solve",
    "/rosters/1/versions/1/trade-off",
)
BEYOND = "() => document.documentElement.scrollWidth - innerWidth"
LABELS_CUT = """() => [...document.querySelectorAll(".table--folds td[data-label]")].filter((cell) => {
  const probe = document.createElement("div");
  probe.textContent = cell.dataset.label;
  probe.style.width = getComputedStyle(cell, "::before").width;
  document.body.append(probe);
  const high = probe.offsetHeight;
  probe.remove();
  return cell.offsetHeight < high;
}).map((cell) => cell.dataset.label)"""
"""Names of columns that take more lines than their cell has room for."""


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_a_phone_scrolls_down_alone_and_names_of_columns_cover_nothing(open_visit, language):
    visit = open_visit(390, 844).sign_in("coordinator.mons")
    visit.page.locator(f"button[name=language][value={language}]").click()
    visit.page.wait_for_load_state()

    for path in PAGES:
        visit.go(path)
        for width in (390, 320):
            visit.page.set_viewport_size({"width": width, "height": 844})
            assert visit.page.evaluate(BEYOND) <= 0, (path, width)
            assert visit.page.evaluate(LABELS_CUT) == [], (path, width)


@pytest.mark.parametrize("by", ["rooms", "clinicians"])
def test_a_wide_window_hides_no_row_of_the_board_and_keeps_its_heads_in_sight(open_visit, by):
    visit = open_visit(1440, 900).sign_in("coordinator.mons").go(f"/rosters/1/versions/1?by={by}")
    frame = visit.page.locator("[data-board-frame]")

    assert frame.evaluate("(frame) => frame.scrollHeight - frame.clientHeight") == 0
    visit.page.evaluate("() => scrollTo(0, 500)")
    assert visit.page.locator("[data-day]").first.evaluate("(head) => head.getBoundingClientRect().top") == 0


def test_links_to_wrong_fields_are_large_enough_to_tap(open_visit, look):
    visit = open_visit(may_log="422").sign_in("coordinator.mons").go("/leave")
    visit.push("Save leave")

    visit.sees("Enter the last day away.")
    look(visit, "leave-errors")
