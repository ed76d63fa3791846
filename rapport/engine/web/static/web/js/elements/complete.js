// A text box of the filter language, or of formulas: offers what could be written next, at the cursor.
import { fragment, part } from "../helpers/fetching.js";
import { choose, chosen, options, stepped } from "../helpers/listbox.js";

const PAUSE = 90; // ms of silence before the server is asked

customElements.define("r-complete", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input, textarea");
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
    this.list.hidden = !options(this.list).length;
    this.input.ariaExpanded = String(!this.list.hidden);
    choose(this.input, this.list, null);
    this.list.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.asked += 1;
    this.show(null);
  }

  key(event) {
    const here = chosen(this.list);
    const next = stepped(this.list, event.key);
    if (event.key === " " && event.ctrlKey) this.ask();
    else if (this.list.hidden) return;
    else if (next) choose(this.input, this.list, next);
    else if (event.key === "Tab" && !event.shiftKey) this.take(options(this.list)[Math.max(here, 0)]);
    else if (event.key === "Enter" && here >= 0) this.take(options(this.list)[here]);
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
