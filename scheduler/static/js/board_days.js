/* On a narrow screen the board is a list; buttons choose the day that it shows. */
const NARROW = matchMedia("(max-width: 44rem)");

export function bindDayTabs(page) {
  let chosen = "";
  const bar = document.createElement("div");
  bar.className = "day-tabs";
  bar.setAttribute("role", "group");
  bar.ariaLabel = page.texts.sayDay;

  const draw = () => {
    bar.remove();
    bar.replaceChildren();
    if (!page.grid) return;
    const days = new Map([...page.grid.querySelectorAll("[data-day]")].map((head) => [head.dataset.day, head.dataset.name]));
    if (!days.has(chosen)) chosen = days.has(page.texts.today) ? page.texts.today : [...days.keys()][0];
    for (const [day, name] of [...days, ["", page.texts.sayAllDays]]) bar.append(button(day, name));
    page.root.querySelector("[data-board-frame]").before(bar);
    show();
  };
  const show = () => {
    for (const one of bar.children) one.ariaPressed = String(one.value === chosen);
    const only = NARROW.matches ? chosen : "";
    for (const cell of page.grid.querySelectorAll("[data-at]")) cell.hidden = only !== "" && !cell.dataset.at.includes(` ${only} `);
    for (const row of page.grid.querySelectorAll("[data-row]")) row.hidden = NARROW.matches && !row.querySelector("[data-at]:not([hidden]) [data-card]");
  };
  const button = (day, name) => {
    const made = document.createElement("button");
    made.type = "button";
    made.value = day;
    made.textContent = name;
    made.addEventListener("click", () => {
      chosen = day;
      show();
    });
    return made;
  };

  NARROW.addEventListener("change", () => page.grid && show());
  page.onRedraw.push(draw);
  draw();
}
