/* The board by keyboard: one tab stop, arrow keys, Space to pick up and to drop, Escape to put back. */
import { step } from "./grid_steps.js";

export function bindKeys(page, carrying) {
  const makeStop = (item) => {
    page.grid?.querySelectorAll("[tabindex='0']").forEach((other) => (other.tabIndex = -1));
    if (item) item.tabIndex = 0;
  };
  const prepare = () => {
    if (!page.grid) return;
    page.grid.querySelectorAll("[data-at], [data-card]").forEach((item) => (item.tabIndex = -1));
    makeStop(page.grid.querySelector("[data-card]") ?? page.grid.querySelector("[data-at]"));
  };
  const goTo = (cell) => {
    const item = carrying.isActive ? cell : (cell.querySelector("[data-card]") ?? cell);
    makeStop(item);
    item.focus();
    if (carrying.isActive) carrying.hover(cell);
  };

  page.root.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-grid] [data-at], [data-grid] [data-card]")) makeStop(event.target);
  });
  page.root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (carrying.isActive ? carry(event) : walk(event)) event.preventDefault();
  });
  page.onRedraw.push(prepare);
  prepare();

  /** Keys while nothing is carried; tells whether the key was used. */
  function walk(event) {
    const card = event.target.closest("[data-card]");
    if (event.key === " " && card) {
      lift(card);
      return true;
    }
    const cell = event.target.closest("[data-at]");
    if (!cell) return false;
    const neighbour = cardBeside(card, event.key);
    if (neighbour) {
      makeStop(neighbour);
      neighbour.focus();
      return true;
    }
    return move(cell, event.key);
  }

  /** Keys while a session is carried. */
  function carry(event) {
    const cell = event.target.closest("[data-at]");
    if (event.key === "Escape" || event.key === "Tab") {
      carrying.cancel();
      return event.key === "Escape";
    }
    if (!cell) return false;
    if (event.key === "Enter" || event.key === " ") {
      carrying.drop(cell);
      return true;
    }
    if (event.key === "f") {
      const cells = [...page.grid.querySelectorAll("[data-at]")];
      const after = [...cells.slice(cells.indexOf(cell) + 1), ...cells];
      const next = after.find((one) => ["ok", "warn"].includes(one.dataset.verdict));
      if (next) goTo(next);
      return true;
    }
    return move(cell, event.key);
  }

  async function lift(card) {
    const home = card.closest("[data-at]");
    const lifted = carrying.pickUp(card);
    if (home) goTo(home);
    await lifted;
    if (!home && carrying.isActive) goTo(page.grid.querySelector("[data-verdict=ok], [data-verdict=warn]") ?? page.grid.querySelector("[data-at]"));
  }

  function move(cell, key) {
    const rows = [...page.grid.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("[data-at]")]).filter((row) => row.length);
    const row = rows.findIndex((cells) => cells.includes(cell));
    const target = step({ row, column: rows[row].indexOf(cell) }, key, { rows: rows.length, columns: rows[row].length });
    if (!target) return false;
    goTo(rows[target.row][target.column]);
    return true;
  }

  function cardBeside(card, key) {
    const side = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[key];
    const other = side && card?.[side];
    return other?.matches("[data-card]") ? other : null;
  }
}
