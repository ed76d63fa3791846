// A text box of the filter language: offers what could be written next, at the cursor.
import { fragment, part } from "../helpers/fetching.js";

const PAUSE = 90; // ms of silence before the server is asked

customElements.define("r-complete", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.asked = 0;
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // Before the box loses the cursor, to which the offer goes.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(event.target.closest("[role=option]"));
    });
  }

  async ask() {
    const mine = ++this.asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (mine !== this.asked) return;
    const query = new URLSearchParams({ text: this.input.value, at: this.input.selectionStart });
    const answer = await part(`${this.dataset.url}?${query}`).catch(() => null);
    const found = answer?.ok ? fragment(await answer.text()) : null;
    if (mine === this.asked) this.show(found);
  }

  show(found) {
    this.list.replaceChildren(...(found?.children ?? []));
    this.list.hidden = !this.options.length;
    this.input.ariaExpanded = String(!this.list.hidden);
    this.select(null);
    this.list.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.asked += 1;
    this.show(null);
  }

  get options() {
    return [...this.list.children];
  }

  select(option) {
    for (const one of this.options) one.ariaSelected = String(one === option);
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const options = this.options;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.ask();
      return;
    }
    if (!options.length) return;
    const here = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.select(options[(here + step + options.length + (here < 0 && step < 0 ? 1 : 0)) % options.length]);
    else if (event.key === "Tab" && !event.shiftKey) this.take(options[Math.max(here, 0)]);
    else if (event.key === "Enter" && here >= 0) this.take(options[here]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    const { insert, start, end } = option.dataset;
    this.input.setRangeText(insert, Number(start), Number(end), "end");
    this.close();
    this.ask();
  }
});
