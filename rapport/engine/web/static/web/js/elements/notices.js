// The notification centre: J and K move between groups, the keys that stand below act on the one that is marked.
// Opening a notice reads it, and what comes meanwhile is shown.
import { goTo } from "../helpers/going.js";
import { isPlain, isTyping } from "../helpers/typing.js";

const MOVES = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
// Where one was before the sheet was swapped: after a deed the next group takes the place.
let place = -1;

customElements.define("r-notices", class extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.key(event);
    this.onBell = (event) => this.look(event.detail.unread);
    this.onPage = () => this.mark(place);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("rapport:bell", this.onBell);
    document.addEventListener("rapport:page", this.onPage);
    this.addEventListener("click", (event) => this.open(event));
    this.addEventListener("auxclick", (event) => this.open(event));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("rapport:bell", this.onBell);
    document.removeEventListener("rapport:page", this.onPage);
  }

  get groups() {
    return [...this.querySelectorAll("[data-group]")];
  }

  get here() {
    return this.querySelector(".here");
  }

  key(event) {
    if (event.defaultPrevented || isTyping(event) || !isPlain(event) || document.querySelector("dialog[open]")) return;
    const isInMenu = event.target.closest?.("details[open]");
    if (event.key in MOVES && !isInMenu) this.mark(place + MOVES[event.key], true);
    else if (event.key === "Enter" && this.here && ["BODY", "MAIN"].includes(event.target.tagName)) this.here.querySelector("a")?.click();
    else if (!this.press(event.key)) return;
    event.preventDefault();
  }

  press(key) {
    const button = this.here?.querySelector(`[data-press="${CSS.escape(key)}"]`);
    if (!button) return false;
    button.click();
    if (button.matches("summary")) button.parentElement.querySelector(".items button")?.focus();
    return true;
  }

  mark(index, isMove = false) {
    const groups = this.groups;
    this.here?.classList.remove("here");
    if (index < 0 && !isMove) return;
    place = Math.max(0, Math.min(groups.length - 1, index));
    groups[place]?.classList.add("here");
    if (isMove) groups[place]?.scrollIntoView({ block: "nearest" });
  }

  open(event) {
    const link = event.target.closest("[data-notice]");
    if (!link || event.button > 1) return;
    const body = new FormData(this.querySelector("form"));
    for (const name of [...body.keys()]) if (name !== "csrfmiddlewaretoken") body.delete(name);
    body.set("notice", link.dataset.notice);
    fetch(this.dataset.read, { method: "POST", body, keepalive: true, redirect: "manual" });
  }

  look(unread) {
    const isBusy = this.contains(document.activeElement) || document.querySelector("details.menu[open], .folded[open], .busy.on");
    if (String(unread) === this.dataset.unread || isBusy || new URLSearchParams(location.search).has("before")) return;
    goTo(new URL(location.href));
  }
});
