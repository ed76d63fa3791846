// Keys of the whole page: those that stand on buttons, G and a letter to go somewhere, ? for all of them.
import { isPlain, isTyping } from "../helpers/typing.js";

customElements.define("r-keys", class extends HTMLElement {
  connectedCallback() {
    this.going = 0;
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onClick = (event) => event.target.closest("[data-keys-open]") && this.list();
    document.addEventListener("click", this.onClick);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  key(event) {
    if (isTyping(event) || !isPlain(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = Date.now() - this.going < 1500
      ? document.querySelector(`[data-goto="${CSS.escape(event.key)}"]`)
      : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const field = document.querySelector(`[data-key-focus="${CSS.escape(event.key)}"]`);
    this.going = event.key === "g" ? Date.now() : 0;
    if (event.key === "?") this.list();
    else if (target) target.click();
    else if (field) field.focus();
    else return;
    event.preventDefault();
  }

  list() {
    const dialog = document.createElement("dialog");
    const box = dialog.appendChild(Object.assign(document.createElement("div"), { className: "in" }));
    const keys = box.appendChild(Object.assign(document.createElement("dl"), { className: "keylist" }));
    for (const [key, words] of this.known()) {
      keys.append(document.createElement("dt"), Object.assign(document.createElement("dd"), { textContent: words }));
      keys.querySelector("dt:last-of-type").append(Object.assign(document.createElement("kbd"), { textContent: key }));
    }
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  }

  known() {
    const words = (element) => (element.getAttribute("aria-label") ?? element.placeholder ?? element.textContent).replace(/\s+\S$/, "").trim();
    const found = [...document.querySelectorAll("[data-key]")].map((one) => [one.dataset.key.toUpperCase(), words(one)]);
    found.push(...[...document.querySelectorAll("[data-key-focus]")].map((one) => [one.dataset.keyFocus, words(one)]));
    found.push(...[...document.querySelectorAll(".side [data-goto]")].map((one) => [`G ${one.dataset.goto.toUpperCase()}`, one.childNodes[1].textContent.trim()]));
    const grid = document.querySelector(".foot .desk");
    if (grid) found.push(["J K X E", grid.textContent.replace(/\s+/g, " ").trim()]);
    return found;
  }
});
