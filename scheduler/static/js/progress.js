/* Follows a solve: asks for its state each second, less often when nobody looks or the server does not answer. */
const EVERY = 1000; // milliseconds
const SLOWEST = 8000;

for (const box of document.querySelectorAll("[data-progress]")) follow(box);

async function follow(box) {
  const live = document.querySelector("[data-live]");
  let etag = "";
  let pause = EVERY;
  while (box.dataset.progress && !("finished" in box.firstElementChild.dataset)) {
    await new Promise((resume) => setTimeout(resume, pause));
    if (document.hidden) continue;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { "X-Requested-With": "fetch", "If-None-Match": etag } });
      pause = EVERY;
      if (answer.status === 304) {
        advance(box.querySelector("progress"));
        continue;
      }
      if (!answer.ok) throw new Error(answer.statusText);
      etag = answer.headers.get("ETag") ?? "";
      redraw(box, await answer.text(), live);
    } catch {
      pause = Math.min(SLOWEST, pause * 2);
    }
  }
}

/** Time goes on even when the plan gets no better. */
function advance(bar) {
  if (bar) bar.value = Math.min(bar.max, bar.value + EVERY / 1000);
}

/** Show the new state; keep the focus on the button that had it; announce milestones, not every second. */
function redraw(box, html, live) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const focused = box.contains(document.activeElement);
  box.replaceChildren(fresh);
  if (live.textContent !== fresh.dataset.milestone) live.textContent = fresh.dataset.milestone;
  if (focused) (box.querySelector("button, a.button") ?? box).focus();
}
