// The board: cards go from lane to lane by pointer or keys. What the server refuses goes back where it was.
import { letDrag } from "../helpers/dragging.js";
import { fragment, part, partOf } from "../helpers/fetching.js";
import { beside, goTo, nextCard, stepOf } from "../helpers/lanes.js";
import { isPlain, isTyping } from "../helpers/typing.js";

customElements.define("r-board", class extends HTMLElement {
  connectedCallback() {
    for (const name of ["click", "submit"]) this.addEventListener(name, this);
    document.addEventListener("keydown", this);
    letDrag(this);
    this.dialog = this.querySelector("dialog");
    this.dialog.onclose = () => this.closed();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    ({ click: this.press, submit: this.reply, keydown: this.key })[event.type].call(this, event);
  }

  press(event) {
    const more = event.target.closest("[data-more]");
    const mover = event.target.closest(".tile .move");
    if (event.target.closest("[data-cancel]")) this.dialog.close();
    else if (!isPlain(event) || event.shiftKey || !(more || mover)) return;
    else if (more) this.extend(more);
    else this.ask(mover);
    event.preventDefault();
    event.stopPropagation();
  }

  // A form in the dialog: where to, or what the lane asks for.
  reply(event) {
    if (!event.target.matches("form.move")) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.asking.card.ariaBusy !== "true") this.send(this.asking.card, event.target.action, new FormData(event.target), this.asking.back);
  }

  key(event) {
    const step = stepOf(event.key);
    if (isTyping(event) || !isPlain(event) || document.querySelector("dialog[open], details.menu[open]") || !(step || event.key === "m")) return;
    const card = document.activeElement.closest(".tile");
    if (card ? !this.contains(card) : event.key !== "j") return;
    event.preventDefault();
    if (!card) goTo(this.querySelector(".tile"));
    else if (!step) card.querySelector(".move")?.click();
    else if (!event.shiftKey) goTo(nextCard(card, step));
    else if (step[0] && card.draggable) this.move(card, beside(card, step[0], ".lane[data-takes]:not([hidden])"));
  }

  move(card, lane) {
    if (!lane || lane.contains(card) || card.ariaBusy === "true") return;
    const back = { place: card.parentNode, next: card.nextElementSibling, isHere: card.contains(document.activeElement) };
    const data = new FormData(this.querySelector("form[data-token]"));
    data.set("to", lane.dataset.lane);
    data.set("version", card.dataset.version);
    lane.hidden = false;
    lane.querySelector(".tiles").prepend(card);
    this.send(card, card.querySelector(".move").href, data, back);
  }

  async ask(mover) {
    const answer = await part(mover.href).catch(() => null);
    const form = await answer?.text().catch(() => null);
    if (!mover.isConnected) return;
    if (answer?.ok && form) this.open(fragment(form), mover.closest(".tile"), { isHere: true });
    else this.say(this.dataset.failed);
  }

  async send(card, url, data, back) {
    card.ariaBusy = "true";
    try {
      const answer = await part(url, { method: "POST", body: data });
      const content = answer && fragment(await answer.text());
      if (answer?.status === 422) this.open(content, card, back);
      else if (answer?.ok || answer?.status === 409) this.settle(content, card, back);
      else if (answer) throw new Error(answer.statusText);
    } catch {
      this.putBack(card, back);
      this.say(this.dataset.failed);
    } finally {
      card.ariaBusy = null;
    }
  }

  open(content, card, back) {
    this.asking = { card, back };
    this.dialog.replaceChildren(content);
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector("[aria-invalid], [autofocus]")?.focus();
  }

  // Without an answer the card stands where it stood.
  closed() {
    const { card, back } = this.asking ?? {};
    this.asking = null;
    if (!card) return;
    this.putBack(card, back);
    if (back.place) this.say(this.dataset.back);
  }

  // The dialog may be about another card by now.
  answered(card) {
    if (this.asking?.card !== card) return;
    this.asking = null;
    this.dialog.close();
  }

  putBack(card, back) {
    back.place?.insertBefore(card, back.next);
    if (back.isHere) goTo(card);
  }

  settle(content, card, back) {
    this.answered(card);
    for (const { dataset, content: head } of content.querySelectorAll("template[data-head]")) {
      this.lane(dataset.head)?.querySelector(".lanehead > .num").replaceWith(head.querySelector(".num"));
    }
    const placed = content.querySelector("template[data-card]");
    const tiles = placed && this.lane(placed.dataset.into)?.querySelector(".tiles");
    const came = tiles && placed.content.firstElementChild;
    card.remove();
    if (came) {
      tiles.closest(".lane").hidden = false;
      tiles.insertBefore(came, tiles.querySelector(`#card-${placed.dataset.before}`) ?? tiles.querySelector(".more"));
    }
    if (back.isHere) goTo(came);
    document.querySelector("r-toast").say(content.querySelector("template[data-toast]").content);
  }

  lane(name) {
    return [...this.querySelectorAll(".lane")].find((lane) => lane.dataset.lane === name);
  }

  async extend(more) {
    if (more.ariaBusy === "true") return;
    more.ariaBusy = "true";
    const { isLate, isGood, content } = await partOf(more, "more");
    if (isLate) return;
    if (!isGood) return location.assign(more.href);
    for (const card of content.querySelectorAll(".tile")) this.querySelector(`#${CSS.escape(card.id)}`)?.remove();
    const first = content.querySelector(".tile");
    more.closest("li").replaceWith(content);
    goTo(first);
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }
});
