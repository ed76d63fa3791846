// A long menu with a box: what is typed there leaves only the entries that hold it.
import { fold } from "../helpers/shortcuts.js";

customElements.define("r-sift", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => event.target.matches(".sift") && this.sift(event.target.value));
    this.addEventListener("keydown", (event) => this.key(event));
    this.closest("details")?.addEventListener("toggle", (event) => event.target.open && this.begin());
  }

  get entries() {
    return [...this.querySelectorAll(".sheet > *")];
  }

  begin() {
    const box = this.querySelector(".sift");
    if (!box) return;
    box.value = "";
    this.sift("");
    box.focus();
  }

  sift(typed) {
    const asked = fold(typed.trim());
    for (const one of this.entries) one.hidden = Boolean(asked) && !fold(one.textContent).includes(asked);
  }

  key(event) {
    if (!event.target.matches(".sift") || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const first = this.entries.find((one) => !one.hidden);
    (first?.matches("a") ? first : first?.querySelector("input:not(:disabled), a"))?.focus();
  }
});
