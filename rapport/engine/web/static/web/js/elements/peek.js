// A record beside its list: Space opens the current one and the panel follows J and K; Esc, X and Back close it.
// Links with `data-peek` lead to it, in whatever layout; the thing that holds one and has an id is its place in the list.
import htmx from "../../../npm/htmx.esm.min.js";
import { bare, carry, closed, keepInHistory } from "../helpers/besides.js";
import { cover } from "../helpers/covering.js";
import { fragment, part } from "../helpers/fetching.js";
import { tellAgain } from "../helpers/opened.js";
import { currentLink, lead, markHere, placeOf, renew } from "../helpers/places.js";
import { isPlain, isTyping } from "../helpers/typing.js";

const PHONE = matchMedia("(max-width: 47.99rem)");
const DRAWER = matchMedia("(max-width: 68.74rem)");
const REST = 90; // ms on a record before the panel follows
const ABOVE = "dialog[open], details.menu[open]";

customElements.define("r-peek", class extends HTMLElement {
  asked = 0;

  connectedCallback() {
    this.ends = new AbortController();
    const hear = (where, name, does, capture = false) => where.addEventListener(name, does.bind(this), { capture, signal: this.ends.signal });
    hear(document, "keydown", this.key, true);
    hear(document, "click", this.click, true);
    hear(document, "rapport:here", this.follow);
    hear(document, "rapport:saved", this.saved);
    hear(document, "rapport:page", this.settle);
    hear(document, "htmx:config:request", ({ detail: { ctx } }) => carry(ctx, this, this.panel?.dataset.peekId));
    hear(document, "htmx:before:history:restore", this.restore);
    hear(DRAWER, "change", this.frame);
    this.settle();
  }

  disconnectedCallback() {
    this.ends.abort();
    this.forget();
  }

  get panel() {
    return this.querySelector(".peek");
  }

  get link() {
    const named = `[data-peek="${CSS.escape(this.panel?.dataset.peekId ?? "")}"]`;
    return document.querySelector(`main .here ${named}`) ?? document.querySelector(`main ${named}`);
  }

  // What was asked for beside another list.
  forget() {
    clearTimeout(this.rest);
    this.asked += 1;
  }

  settle() {
    this.forget();
    // Whoever goes back while a list still settles is elsewhere by now.
    this.list = location.pathname === this.dataset.path ? bare(location) : "";
    const page = this.querySelector("[data-peek-page]");
    if (PHONE.matches && page) return location.replace(page.href);
    markHere(this.link);
    lead(this.panel, this.link);
    this.frame();
    if (this.panel?.ariaModal) this.panel.focus();
  }

  key(event) {
    if (!isPlain(event) || document.querySelector(ABOVE)) return;
    const isOurs = event.key === "Escape" ? this.escape(event) : event.key === " " && !event.shiftKey && this.space(event);
    if (!isOurs) return;
    event.preventDefault();
    event.stopPropagation();
  }

  escape(event) {
    const isTyped = isTyping(event);
    if (!this.panel || event.target.closest?.("form.cell") || (isTyped && !this.contains(event.target))) return false;
    if (isTyped) this.panel.focus();
    else this.close();
    return true;
  }

  space(event) {
    if (isTyping(event) || event.target.closest?.("button, summary, input")) return false;
    const link = currentLink();
    if (!link) return false;
    this.isByLink = document.activeElement.closest("main > *") !== null;
    if (this.panel && link === this.link) this.close();
    else this.open(link.href);
    return true;
  }

  click(event) {
    if (event.button || !isPlain(event) || event.shiftKey) return;
    const link = event.target.closest("[data-peek], [data-peek-close]");
    const isVeil = this.panel && DRAWER.matches && event.target === this;
    if (!isVeil && (!link || bare(link.href) !== this.list)) return;
    event.preventDefault();
    event.stopPropagation();
    if (isVeil || link.matches("[data-peek-close]")) return this.close();
    this.isByLink ||= !this.contains(link);
    if (this.contains(link)) lead(this.panel, this.link);
    this.open(link.href);
  }

  follow(event) {
    const link = event.target.querySelector("[data-peek]");
    clearTimeout(this.rest);
    if (this.panel && link) this.rest = setTimeout(() => this.panel && this.open(link.href), REST);
  }

  async open(href) {
    if (PHONE.matches) return location.assign(new URL(`${new URL(href).searchParams.get("peek")}/`, location.href));
    const was = Boolean(this.panel);
    if (!await this.load(href)) return;
    keepInHistory(href, was);
  }

  async load(href) {
    const mine = ++this.asked;
    const answer = await part(href, { headers: { "HX-Target": "peek" } }).catch(() => null);
    if (mine !== this.asked || !answer) return false;
    const content = fragment(await answer.text());
    if (mine !== this.asked) return false;
    // Another page, such as the one to sign in.
    if (!content.firstElementChild?.matches(".peek")) return void location.assign(href);
    this.replaceChildren(content);
    htmx.process(this);
    markHere(this.link);
    lead(this.panel, this.link);
    this.frame();
    this.panel.focus({ preventScroll: true });
    return true;
  }

  close() {
    if (history.state?.peeks) return history.back();
    history.pushState({ htmx: true }, "", closed(location));
    this.leave();
  }

  leave() {
    const { link } = this;
    this.asked += 1;
    this.replaceChildren();
    this.frame();
    tellAgain();
    (this.isByLink && link ? link : document.querySelector("main")).focus({ preventScroll: true });
    this.isByLink = false;
  }

  frame() {
    cover(this, this.panel, DRAWER.matches);
  }

  restore(event) {
    const { path } = event.detail;
    if (bare(path) !== this.list) return;
    event.preventDefault();
    if (new URL(path, location.href).searchParams.has("peek")) this.load(path);
    else this.leave();
  }

  saved(event) {
    const place = placeOf(this.link);
    if (this.contains(event.target)) renew(place);
    else if (this.panel && place?.contains(event.target)) this.load(location.href);
  }
});
