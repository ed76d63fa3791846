// Keys of the whole page: those that stand on buttons, G and a letter to go somewhere, ? for all of them.
import htmx from "../../../npm/htmx.esm.min.js";
import { goTo, onThisPage } from "../helpers/shortcuts.js";
import { isPlain, isTyping } from "../helpers/typing.js";

const WAITS = 1500; // ms between G and its letter

const make = (tag, content, className = "") => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...[content].flat());
  return element;
};

customElements.define("r-keys", class extends HTMLElement {
  connectedCallback() {
    this.going = 0;
    this.onKey = (event) => this.key(event);
    this.onClick = (event) => event.target.closest("[data-keys-open]") && this.list();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  key(event) {
    if (event.defaultPrevented || isTyping(event) || !isPlain(event) || document.querySelector("dialog[open]")) return;
    const isGoing = Date.now() - this.going < WAITS;
    this.going = event.key === "g" && !isGoing ? Date.now() : 0;
    if (event.key === "?") this.list();
    else if (isGoing) this.press(document.querySelector(`[data-goto="${CSS.escape(event.key)}"]`), event);
    else if (!this.press(document.querySelector(`[data-key="${CSS.escape(event.key)}"]`), event)) this.focusOn(event);
  }

  press(target, event) {
    if (!target) return false;
    event.preventDefault();
    htmx.process(target); // a key may come before a page that was just swapped in has settled
    target.click();
    return true;
  }

  focusOn(event) {
    const field = document.querySelector(`[data-key-focus="${CSS.escape(event.key)}"]`);
    if (!field) return;
    event.preventDefault();
    // It may stand behind another tab of the places to write.
    const pane = field.closest(".pane");
    if (pane) pane.parentElement.querySelectorAll("header label input")[[...pane.parentElement.querySelectorAll(":scope > .pane")].indexOf(pane)]?.click();
    field.focus();
  }

  list() {
    const title = make("h2", this.dataset.title);
    const close = make("button", "×", "btn quiet small");
    close.setAttribute("aria-label", this.dataset.close);
    const keys = make("dl", this.known().flatMap(([key, words]) => [
      make("dt", key.split(" ").flatMap((one) => [make("kbd", one), " "])), make("dd", words),
    ]), "keylist");
    const dialog = make("dialog", [make("header", [title, make("span", "", "gap"), close]), make("div", keys, "in")]);
    dialog.setAttribute("aria-label", this.dataset.title);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.append(dialog);
    dialog.showModal();
  }

  known() {
    const fields = [...document.querySelectorAll("[data-key-focus]")].map((one) => [one.dataset.keyFocus.toUpperCase(), one.getAttribute("aria-label") ?? one.placeholder]);
    const listed = [...document.querySelectorAll("[data-key-names] [data-key-name]")].map((one) => [one.dataset.keyName, one.textContent.trim()]);
    const shown = [...onThisPage(), ...goTo()].filter((one) => one.key).map((one) => [one.key, one.words]);
    const palette = document.querySelector("[data-palette]");
    const found = palette ? [[palette.querySelector("kbd").textContent, palette.querySelector("span").textContent]] : [];
    return [...found, ...shown, ...fields, ...listed, ["?", this.dataset.all]];
  }
});
