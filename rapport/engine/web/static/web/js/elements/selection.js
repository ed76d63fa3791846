// The bar below a list: what is done with the rows that are picked, or with all records that match, seen here or not.
import { partOf } from "../helpers/fetching.js";

customElements.define("r-selection", class extends HTMLElement {
  connectedCallback() {
    this.onPicked = (event) => this.everything(this.isEverything && event.detail.isWhole);
    document.addEventListener("rapport:picked", this.onPicked);
    this.addEventListener("click", (event) => this.click(event));
  }

  disconnectedCallback() {
    document.removeEventListener("rapport:picked", this.onPicked);
  }

  get isEverything() {
    return this.querySelector("[data-picked]").hidden;
  }

  click(event) {
    const grid = document.querySelector("r-grid");
    if (event.target.closest("[data-select-all]")) {
      grid.all(true);
      this.everything(true);
      this.querySelector("[data-everything] .btn").focus();
      this.ask();
    } else if (event.target.closest("[data-select-none]")) {
      grid.all(false);
    }
  }

  everything(on) {
    this.querySelector("[data-picked]").hidden = on;
    this.querySelector("[data-everything]").hidden = !on;
  }

  // A count that stopped at ten thousand is asked for to the end.
  async ask() {
    if (!this.dataset.countUrl) return;
    const { isLate, isGood, content } = await partOf(this, "countUrl");
    if (isLate || !isGood) return;
    const exact = content.textContent.trim();
    for (const one of this.querySelectorAll("[data-all-count]")) one.textContent = exact;
    delete this.dataset.countUrl;
  }
});
