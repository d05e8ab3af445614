/* Picking a session up, showing where it may go and why not, and putting it down: the same for pointer and keyboard. */
const FRAGMENT = { "X-Requested-With": "fetch" };

export class Carrying {
  constructor(page) {
    this.page = page;
    this.held = null;
  }

  get isActive() {
    return this.held !== null;
  }

  /** Lift a card and ask the server once what each cell would mean. */
  async pickUp(card) {
    const { page } = this;
    if (this.held || !page.isEditable) return;
    const held = { card, id: card.dataset.card, home: card.closest("[data-at]"), verdicts: null, over: null };
    this.held = held;
    page.board.classList.add("board--carrying");
    card.classList.add("card--lifted");
    page.say(page.texts.sayLoading);
    held.loading = this.#load(held);
    await held.loading;
  }

  /** The cell under the pointer or the focus: mark it and say what dropping there would mean. */
  hover(cell) {
    const { held, page } = this;
    if (!held || held.over === cell) return;
    held.over?.classList.remove("is-over");
    held.over = cell;
    cell?.classList.add("is-over");
    if (cell && held.verdicts) page.say(this.verdictOn(cell).text);
  }

  /** What the rules say about a cell: its verdict, the sentence, and what to send. */
  verdictOn(cell) {
    const { held, page } = this;
    if (cell === held.home) return { verdict: "here", text: page.texts.sayHere };
    return held.verdicts.cells[cell.dataset.at] ?? { verdict: "no", text: page.texts.sayElsewhere };
  }

  /** Put the session into a cell if the rules admit it; tell whether it was put down. */
  async drop(cell) {
    const { held, page } = this;
    await held?.loading;
    if (!held || this.held !== held) return false;
    const verdict = this.verdictOn(cell);
    if (verdict.verdict === "here") {
      this.cancel();
      return true;
    }
    if (verdict.verdict === "no") {
      page.say(verdict.text);
      return false;
    }
    this.#putDown();
    if (verdict.open) {
      location.assign(`${held.card.href}&${new URLSearchParams({ place: verdict.open })}`); // a team is chosen there
      return true;
    }
    page.say(page.texts.sayBusy);
    await this.#send(held, cell.dataset.at, verdict.post);
    return true;
  }

  /** Put the session back where it was. */
  cancel(sentence = this.page.texts.sayCancelled) {
    if (!this.held) return;
    const { card } = this.held;
    this.#putDown();
    this.page.mention(sentence);
    card.focus();
  }

  async #load(held) {
    const { page } = this;
    try {
      const answer = await fetch(`${page.texts.url}/sessions/${held.id}/places?${new URLSearchParams({ by: page.texts.by, row: held.home?.dataset.at.split(" ")[0] ?? "" })}`, { headers: FRAGMENT });
      if (!answer.ok) throw new Error(answer.statusText);
      held.verdicts = await answer.json();
    } catch {
      if (this.held === held) this.cancel(page.texts.sayFailed);
      return;
    }
    if (this.held !== held) return;
    for (const cell of page.grid.querySelectorAll("[data-at]")) cell.dataset.verdict = this.verdictOn(cell).verdict;
    page.say(held.over ? this.verdictOn(held.over).text : page.texts.sayPicked);
  }

  async #send(held, at, { action, ...fields }) {
    const { page } = this;
    const body = new URLSearchParams({ ...fields, revision: page.board.dataset.revision, by: page.texts.by, csrf_token: page.token });
    try {
      const answer = await fetch(`${page.texts.url}/sessions/${held.id}/${action}`, { method: "POST", headers: FRAGMENT, body });
      const html = await answer.text();
      if (answer.ok) {
        page.redraw(html);
        page.cardIn(at, held.id)?.focus();
        return;
      }
      const said = new DOMParser().parseFromString(html, "text/html").body.textContent.trim() || page.texts.sayFailed;
      if (answer.status === 409) page.offerReload(said);
      else page.mention(said);
    } catch {
      page.mention(page.texts.sayFailed);
    }
  }

  #putDown() {
    const { held, page } = this;
    this.hover(null);
    this.held = null;
    held.card.classList.remove("card--lifted");
    page.board.classList.remove("board--carrying");
    for (const cell of page.grid.querySelectorAll("[data-verdict]")) delete cell.dataset.verdict;
  }
}
