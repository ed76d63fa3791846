// The palette: ⌘K or Ctrl-K, then type. Records come from the server, commands from what this page can do.
import { fragment, part } from "../helpers/fetching.js";
import { choose, chosen, options, stepped } from "../helpers/listbox.js";
import { fold, goTo, onThisPage } from "../helpers/shortcuts.js";

const PAUSE = 70; // ms of silence before the server is asked

customElements.define("r-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.asked = 0;
    this.onKey = (event) => this.hotkey(event);
    this.onClick = (event) => this.opener(event);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("close", () => this.reset());
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  hotkey(event) {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (this.dialog.open) this.dialog.close();
    else this.open();
  }

  opener(event) {
    if (!event.target.closest(`[data-palette], .bottombar a[href="${this.dataset.url}"]`) || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.open();
  }

  open() {
    if (document.querySelector("dialog[open]")) return;
    this.dialog.showModal();
    this.input.focus();
    this.ask();
  }

  reset() {
    this.asked += 1;
    this.goes = false;
    this.input.value = "";
    this.list.replaceChildren();
  }

  async ask() {
    const mine = ++this.asked;
    const typed = this.input.value.trim();
    if (!typed) return this.show(null, typed);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (mine !== this.asked) return;
    const answer = await part(`${this.dataset.url}?q=${encodeURIComponent(typed)}`).catch(() => null);
    const found = answer?.ok ? fragment(await answer.text()).querySelector("[data-found]") : null;
    if (mine === this.asked) this.show(found, typed);
  }

  show(found, typed) {
    const name = document.querySelector(".recordhead h1 [data-edit], .recordhead h1 > span")?.textContent.trim();
    const words = this.list.dataset;
    const here = this.commands(name ? words.actionsOn.replace("{name}", name) : words.actions, onThisPage(), typed, name);
    const groups = [...(found?.children ?? []), here, this.commands(words.goto, goTo(), typed)].filter(Boolean);
    this.list.replaceChildren(...groups);
    this.querySelector("[data-time]").textContent = found?.dataset.milliseconds ?? "";
    this.querySelector("[data-nothing]").hidden = groups.length > 0 || !typed;
    window.htmx?.process(this.list);
    this.shown = typed;
    const [first] = options(this.list);
    choose(this.input, this.list, first);
    if (this.goes) first?.click();
    this.goes = false;
  }

  // What can be done with the record on this page is found by the deed and by the record's name.
  commands(title, all, typed, name = "") {
    const wanted = fold(typed);
    const kept = all.filter((one) => fold(`${one.words} ${name}`).split(/\s+/).some((word, index, words) => words.slice(index).join(" ").startsWith(wanted)));
    if (!kept.length) return null;
    const group = document.createElement("div");
    group.role = "group";
    group.ariaLabel = title;
    group.append(Object.assign(document.createElement("h3"), { role: "presentation", textContent: title }), ...kept.map((one) => this.command(one)));
    return group;
  }

  command({ key, words, element }) {
    const option = document.createElement("a");
    option.href = element.href ?? "#";
    option.role = "option";
    option.tabIndex = -1;
    option.id = `palette-command-${fold(words).replace(/\W+/g, "-")}`;
    option.dataset.plain = "";
    option.does = element;
    const picture = element.querySelector("svg")?.cloneNode(true);
    const keys = key && Object.assign(document.createElement("kbd"), { textContent: key });
    option.append(...[picture, Object.assign(document.createElement("span"), { textContent: words }), keys].filter(Boolean));
    return option;
  }

  key(event) {
    const next = stepped(this.list, event.key);
    if (next) choose(this.input, this.list, next);
    else if (event.key === "Enter" && this.shown !== this.input.value.trim()) this.goes = true;
    else if (event.key === "Enter") options(this.list)[chosen(this.list)]?.click();
    else return;
    event.preventDefault();
  }

  click(event) {
    if (event.target === this.dialog || event.target.closest("[data-close]")) return this.dialog.close();
    const option = event.target.closest("[role=option]");
    if (!option || event.metaKey || event.ctrlKey || event.shiftKey) return;
    this.dialog.close();
    if (!option.does) return;
    event.preventDefault();
    option.does.click();
  }
});
