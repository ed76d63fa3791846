// Who else looks at the record of this page: says so while the page is seen, and shows the others' faces.
import { fragment } from "../helpers/fetching.js";

const BEAT = 25_000; // ms; two missed ones and one is taken to be gone
const PAUSE = 1_000; // ms between two beats at least, however often the record changes

customElements.define("r-presence", class extends HTMLElement {
  static observedAttributes = ["data-live-record"];

  connectedCallback() {
    this.onVisibility = () => (document.hidden ? this.leave() : this.begin());
    this.onHide = () => this.leave();
    this.onShow = () => !document.hidden && this.begin();
    this.onRecord = () => this.soon();
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("pagehide", this.onHide);
    addEventListener("pageshow", this.onShow);
    document.addEventListener("rapport:record", this.onRecord);
    if (!document.hidden) this.begin();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    removeEventListener("pagehide", this.onHide);
    removeEventListener("pageshow", this.onShow);
    document.removeEventListener("rapport:record", this.onRecord);
    this.leave();
  }

  // The page was morphed into that of another record.
  attributeChangedCallback(_name, before, after) {
    if (!this.timer || before === after) return;
    this.leave();
    this.replaceChildren();
    this.begin();
  }

  get record() {
    return this.dataset.liveRecord || document.querySelector("[data-live-record]")?.dataset.liveRecord || "";
  }

  begin() {
    if (this.timer || !this.record) return;
    this.on = this.record;
    this.timer = setInterval(() => this.beat(), BEAT);
    this.beat();
  }

  soon() {
    if (!this.timer) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.beat(), Math.max(0, (this.last ?? 0) + PAUSE - Date.now()));
  }

  async beat() {
    const on = this.on;
    this.last = Date.now();
    const answer = await fetch(this.dataset.url, { method: "POST", body: this.said(), credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || answer.redirected || answer.status === 204) return;
    const html = (await answer.text()).trim();
    if (!this.timer || this.on !== on || this.shown === html) return;
    this.shown = html;
    this.replaceChildren(fragment(html));
  }

  leave() {
    if (!this.timer) return;
    clearInterval(this.timer);
    clearTimeout(this.waiting);
    this.timer = this.shown = null;
    const said = this.said();
    said.set("left", "1");
    navigator.sendBeacon(this.dataset.url, said);
  }

  said() {
    const form = new FormData();
    form.set("on", this.on);
    form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    return form;
  }
});
