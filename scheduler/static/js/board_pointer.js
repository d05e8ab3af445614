/* The board by mouse or pen.  A finger scrolls and taps: a tap opens the session, where it can be moved by a form. */
const THRESHOLD = 4; // pixels before a press becomes a drag
const EDGE = 48; // pixels from the frame's edge where it starts to scroll
const STEP = 14; // pixels it scrolls per frame

export function bindPointer(page, carrying) {
  let press = null;

  page.root.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.button !== 0 || event.pointerType === "touch" || !page.isEditable || carrying.isActive) return;
    press = { card, x: event.clientX, y: event.clientY, ghost: null, at: [event.clientX, event.clientY] };
  });
  page.root.addEventListener("dragstart", (event) => event.target.closest("[data-card]") && event.preventDefault());
  document.addEventListener("pointermove", (event) => {
    if (!press) return;
    press.at = [event.clientX, event.clientY];
    if (!press.ghost && Math.hypot(event.clientX - press.x, event.clientY - press.y) >= THRESHOLD) start();
  });
  document.addEventListener("pointerup", async () => {
    const ended = press;
    press = null;
    if (!ended?.ghost) return;
    ended.ghost.remove();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    const cell = cellUnder(ended.at);
    if (!cell) carrying.cancel();
    else if (!(await carrying.drop(cell)) && carrying.isActive) carrying.cancel(carrying.verdictOn(cell).text);
  });
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && press?.ghost) giveUp();
  });

  function start() {
    press.ghost = press.card.cloneNode(true);
    press.ghost.removeAttribute("id");
    press.ghost.setAttribute("aria-hidden", "true");
    press.ghost.classList.add("card--ghost");
    document.body.append(press.ghost);
    carrying.pickUp(press.card);
    follow();
  }

  /** Once per frame: the ghost goes with the pointer, what scrolls does so at its edges, the cell below is marked. */
  function follow() {
    if (!press?.ghost) return;
    const [x, y] = press.at;
    press.ghost.style.transform = `translate(${x + 10}px, ${y + 8}px)`;
    const frame = page.root.querySelector("[data-board-frame]");
    const box = frame.getBoundingClientRect();
    if (frame.scrollHeight <= frame.clientHeight) scrollBy(0, edge(y, 0, innerHeight));
    else if (x > box.left && x < box.right) frame.scrollBy(edge(x, box.left, box.right), edge(y, box.top, box.bottom));
    carrying.hover(cellUnder(press.at));
    requestAnimationFrame(follow);
  }

  function giveUp() {
    if (!press) return;
    press.ghost?.remove();
    press = null;
    carrying.cancel();
  }
}

function edge(value, low, high) {
  if (value < low + EDGE) return -STEP;
  return value > high - EDGE ? STEP : 0;
}

function cellUnder([x, y]) {
  return document.elementFromPoint(x, y)?.closest("[data-at]") ?? null;
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
