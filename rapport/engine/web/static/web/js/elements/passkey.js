// A form that is sent with a passkey: the browser makes or shows one when its button is pressed. It appears where that can be.
import { canUse, isNumeric, make, use } from "../helpers/credentials.js";

customElements.define("r-passkey", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (canUse()) {
      this.form.hidden = false;
      // Before anything else that sends forms hears of it.
      this.addEventListener("submit", (event) => this.send(event), true);
    } else if ("make" in this.dataset) {
      this.say(isNumeric() ? this.dataset.numeric : this.dataset.lacking);
      this.form.querySelector("button").disabled = true;
    }
  }

  get credential() {
    return this.form.querySelector('input[name$="credential"]');
  }

  async send(event) {
    if (this.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.busy) return;
    this.busy = true;
    this.say("");
    try {
      const options = await this.options();
      this.credential.value = JSON.stringify("make" in this.dataset ? await make(options) : await use(options));
      this.form.requestSubmit();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.say(error.name === "InvalidStateError" ? this.dataset.held ?? this.dataset.failed : this.dataset.failed);
    } finally {
      this.busy = false;
    }
  }

  async options() {
    if (!this.dataset.ask) return JSON.parse(this.dataset.options);
    const answer = await fetch(this.dataset.ask, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    // Somebody is asked first who they are.
    if (answer.status === 403) location.reload();
    if (!answer.ok) throw new DOMException(answer.statusText, "NetworkError");
    return (await answer.json()).request_options;
  }

  say(words) {
    this.querySelector(".problem").textContent = words;
  }
});
