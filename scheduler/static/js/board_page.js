/* The page around a board: its texts, its live region, its tip, and how a new state of the board gets in. */
export class BoardPage {
  constructor(root) {
    this.root = root;
    this.texts = root.dataset;
    this.live = document.querySelector("[data-live]");
    this.token = document.querySelector("meta[name=csrf-token]").content;
    this.onRedraw = [];
    this.tip = null;
  }

  get board() {
    return this.root.querySelector("[data-board]");
  }

  get grid() {
    return this.root.querySelector("[data-grid]");
  }

  get isEditable() {
    return "editable" in this.board.dataset;
  }

  /** The card of a session, in this cell ("row date half-day") if it is there. */
  cardIn(at, id) {
    const cards = [...this.root.querySelectorAll(`[data-card="${id}"]`)];
    return cards.find((card) => card.closest("[data-at]")?.dataset.at === at) ?? cards[0];
  }

  /** Say a sentence to those who see it and to those who hear it; an empty one takes the tip away. */
  say(sentence) {
    this.live.textContent = sentence;
    this.#showTip(sentence);
  }

  /** Say what went wrong, and offer to load the newest state. */
  offerReload(sentence) {
    this.say(sentence);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary";
    button.textContent = this.texts.sayReload;
    button.addEventListener("click", () => location.reload());
    this.tip.append(button);
    button.focus();
  }

  /** Say something that need not be answered; it goes away by itself. */
  mention(sentence) {
    this.say(sentence);
    const tip = this.tip;
    setTimeout(() => this.tip === tip && this.#showTip(""), 6000);
  }

  /** Put the board of a fragment in the place of the present one, and say what the fragment says. */
  redraw(html) {
    const fragment = new DOMParser().parseFromString(html, "text/html");
    const scrolled = this.#frameScroll();
    this.board.replaceWith(document.adoptNode(fragment.querySelector("[data-board]")));
    const frame = this.root.querySelector("[data-board-frame]");
    frame.scrollTo(...scrolled);
    this.onRedraw.forEach((follow) => follow());
    this.mention([...fragment.querySelectorAll("[data-said]")].map((said) => said.textContent.trim()).join(" "));
  }

  #frameScroll() {
    const frame = this.root.querySelector("[data-board-frame]");
    return [frame.scrollLeft, frame.scrollTop];
  }

  #showTip(sentence) {
    this.tip?.remove();
    this.tip = null;
    if (!sentence) return;
    this.tip = document.createElement("div");
    this.tip.className = "board-tip";
    const text = document.createElement("span");
    text.textContent = sentence;
    text.ariaHidden = "true"; // the live region says it
    this.tip.append(text);
    document.body.append(this.tip);
  }
}
