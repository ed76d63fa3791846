// The bell, and word of changes of the record that the page shows, from the server as long as the page is seen.
const shown = () => document.querySelector("[data-live-record]")?.dataset.liveRecord ?? "";

customElements.define("r-live", class extends HTMLElement {
  connectedCallback() {
    this.onVisibility = () => (document.hidden ? this.close() : this.open());
    this.onHide = () => this.close();
    this.onShow = () => this.open();
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("pagehide", this.onHide);
    addEventListener("pageshow", this.onShow);
    this.onPage = () => this.follow();
    document.addEventListener("rapport:page", this.onPage);
    if (!document.hidden) this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    removeEventListener("pagehide", this.onHide);
    removeEventListener("pageshow", this.onShow);
    document.removeEventListener("rapport:page", this.onPage);
    this.close();
  }

  open() {
    if (this.source || !document.querySelector("[data-bell-count]")) return;
    this.on = shown();
    this.source = new EventSource(this.on ? `/live?on=${encodeURIComponent(this.on)}` : "/live");
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("bell", (event) => this.tell(JSON.parse(event.data).unread));
    this.source.addEventListener("record", (event) => this.changed(JSON.parse(event.data).id));
    this.source.addEventListener("signed-out", () => location.reload());
  }

  // Another page shows another record; where none is open, nothing is followed.
  follow() {
    if (!this.source || this.on === shown()) return;
    this.close();
    this.open();
  }

  // A stream that comes back, after a pause or a lost connection, may have missed something.
  opened() {
    if (this.on && this.known === this.on) this.changed(this.on.split("/")[1]);
    this.known = this.on;
  }

  changed(id) {
    document.dispatchEvent(new CustomEvent("rapport:record", { detail: { id } }));
  }

  tell(unread) {
    for (const count of document.querySelectorAll("[data-bell-count]")) count.textContent = unread || "";
  }

  close() {
    this.source?.close();
    this.source = null;
  }
});
