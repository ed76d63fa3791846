// A page that several write in: what is typed saves itself, and what others typed meanwhile is put in around the caret.
import { moved } from "../helpers/caret.js";
import { part } from "../helpers/fetching.js";

const EVERY = 5000; // ms while somebody types: each save is an entry of the journal
const PAUSE = 1000; // ms after the last key, if nothing was saved for that long

customElements.define("r-page", class extends HTMLElement {
  connectedCallback() {
    this.saved = 0;
    this.onRecord = (event) => event.detail.id === this.dataset.key && !this.isDirty && this.save({ pulls: true });
    this.onHide = () => this.isDirty && this.send({ keepalive: true });
    this.addEventListener("input", () => this.typed());
    this.addEventListener("focusout", () => this.isDirty && this.save());
    this.addEventListener("submit", () => clearTimeout(this.timer));
    document.addEventListener("rapport:record", this.onRecord);
    addEventListener("pagehide", this.onHide);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("rapport:record", this.onRecord);
    removeEventListener("pagehide", this.onHide);
    if (this.form && this.isDirty) this.send({ keepalive: true });
  }

  get form() {
    return this.querySelector("form");
  }

  get text() {
    return this.form.elements.text;
  }

  get isDirty() {
    const { text, base, title } = this.form.elements;
    return text.value.trim() !== base.value.trim() || title.value !== title.defaultValue;
  }

  typed() {
    this.say("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(PAUSE, this.saved + EVERY - Date.now()));
  }

  // One save at a time: what comes meanwhile waits for its end. Without anything typed it asks what others wrote.
  async save({ pulls = false } = {}) {
    if (this.isSaving) return void (this.again = true);
    if (!pulls && !this.isDirty) return this.say("saved");
    this.isSaving = true;
    const { text, title } = this.form.elements, sent = text.value, called = title.value;
    if (!pulls) this.say("saving");
    const answer = await this.send().catch(() => null);
    const said = await answer?.json().catch(() => null);
    this.isSaving = false;
    if (!this.isConnected) return;
    if (!pulls) this.saved = Date.now();
    if (!answer?.ok || !said) this.failed(said);
    else this.take(said.text, sent, called);
    if (this.again) this.again = void this.save();
  }

  send(options = {}) {
    return part(this.form.action, { method: "POST", body: new FormData(this.form), ...options });
  }

  // What was sent is the ground of what is typed next; what others wrote comes in when nothing is typed on top.
  take(woven, sent, called) {
    const { base, title } = this.form.elements;
    title.defaultValue = called;
    base.value = sent;
    if (this.text.value === sent) {
      if (woven !== sent.trim()) this.put(woven);
      base.value = this.text.value;
      this.say("saved");
    } else {
      this.typed();
    }
  }

  put(woven) {
    const { selectionStart, selectionEnd, scrollTop, value } = this.text;
    this.text.value = woven;
    if (document.activeElement !== this.text) return;
    this.text.setSelectionRange(moved(value, woven, selectionStart), moved(value, woven, selectionEnd));
    this.text.scrollTop = scrollTop;
  }

  failed(said) {
    this.say("failed", said?.problem);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), EVERY);
  }

  say(state, words = "") {
    const place = this.querySelector("[data-state]");
    place.textContent = words || place.dataset[state];
  }
});
