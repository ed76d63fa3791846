// A form whose fields appear, vanish and become needed as others are filled in; the server says which.
import { fragment, part } from "../helpers/fetching.js";

const PAUSE = 150; // ms of silence before the server is asked

customElements.define("r-rules", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.asked = 0;
    for (const place of this.querySelectorAll(".field[data-field]")) this.hide(place, "hidden" in place.dataset);
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.ask());
    // A draft of this form may just have been put back.
    setTimeout(() => this.isTouched && this.ask(), 0);
  }

  get isTouched() {
    return [...this.form.elements].some((field) => "defaultValue" in field && field.value !== field.defaultValue);
  }

  async ask() {
    const mine = ++this.asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (mine !== this.asked || !this.isConnected) return;
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const answer = await part(this.dataset.url, { method: "POST", body }).catch(() => null);
    const said = answer?.ok ? fragment(await answer.text()) : null;
    if (mine === this.asked && said) this.show(said);
  }

  show(said) {
    for (const one of said.querySelectorAll("[data-field]")) {
      const place = this.querySelector(`.field[data-field="${one.dataset.field}"]`);
      const mark = place?.querySelector("[data-needed]");
      if (!place) continue;
      this.hide(place, "hidden" in one.dataset);
      if (mark) Object.assign(mark, { hidden: !("needed" in one.dataset), title: one.title });
    }
  }

  // What is hidden is not sent, but what was typed there comes back with it.
  hide(place, isHidden) {
    place.toggleAttribute("data-hidden", isHidden);
    for (const input of place.querySelectorAll("input, select, textarea")) input.disabled = isHidden;
  }
});
