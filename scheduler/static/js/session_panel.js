/* Opens a session beside the board instead of on a page of its own. */
export function bindSessionPanel(page) {
  const panel = document.createElement("dialog");
  panel.className = "session-panel";
  panel.setAttribute("aria-labelledby", "session-title");
  document.body.append(panel);

  page.root.addEventListener("click", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(card);
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel || event.target.closest("[data-close]")) panel.close();
    const link = event.target.closest("[data-panel-link]");
    if (link) {
      event.preventDefault();
      open(link);
    }
  });
  panel.addEventListener("close", () => panel.replaceChildren());

  async function open(card) {
    try {
      const answer = await fetch(card.href, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
      panel.replaceChildren(...fragment.body.childNodes);
      if (!panel.open) panel.showModal();
      const asked = card.hash ? panel.querySelector(card.hash) : null;
      (asked?.querySelector("input, button") ?? panel.querySelector("[data-close]")).focus();
    } catch {
      location.assign(card.href);
    }
  }
}
