// A text in which colleagues are mentioned with @ and records with #: offers whom and what while one types.
import { fragment, part } from "../helpers/fetching.js";
import { choose, chosen, options, stepped } from "../helpers/listbox.js";

const PAUSE = 90; // ms of silence before the server is asked
const BEGUN = /(?:^|[\s(])([@#][^@#\n]{0,40})$/u;

customElements.define("r-mention", class extends HTMLElement {
  connectedCallback() {
    this.asked = 0;
    this.addEventListener("input", () => this.ask());
    this.addEventListener("keydown", (event) => this.key(event), { capture: true });
    this.addEventListener("focusout", () => this.close());
    // Before the text loses the cursor, to which the offer goes.
    this.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) event.preventDefault();
      this.take(option);
    });
  }

  get input() {
    return this.querySelector("textarea");
  }

  get list() {
    return this.querySelector("[role=listbox]");
  }

  get begun() {
    return BEGUN.exec(this.input.value.slice(0, this.input.selectionEnd))?.[1] ?? "";
  }

  async ask() {
    const mine = ++this.asked;
    const begun = this.begun;
    if (!begun || (begun[0] === "#" && begun.length < 2)) return this.show(null);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (mine !== this.asked) return;
    const answer = await part(`${this.dataset.url}?${new URLSearchParams({ q: begun })}`).catch(() => null);
    const found = answer?.ok ? fragment(await answer.text()) : null;
    if (mine === this.asked) this.show(found);
  }

  show(found) {
    this.list.replaceChildren(...(found?.children ?? []));
    this.list.hidden = !options(this.list).length;
    choose(this.input, this.list, options(this.list)[0] ?? null);
  }

  close() {
    this.asked += 1;
    this.show(null);
  }

  key(event) {
    if (this.list.hidden || event.target !== this.input) return;
    const next = stepped(this.list, event.key);
    if (next) choose(this.input, this.list, next);
    else if ((event.key === "Enter" && !event.metaKey && !event.ctrlKey) || (event.key === "Tab" && !event.shiftKey)) this.take(options(this.list)[Math.max(chosen(this.list), 0)]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(option) {
    if (!option) return;
    const end = this.input.selectionEnd;
    this.input.setRangeText(option.dataset.insert, end - this.begun.length, end, "end");
    if (option.dataset.ref) {
      this.append(Object.assign(document.createElement("input"), { type: "hidden", name: "ref", value: option.dataset.ref }));
    }
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }
});
