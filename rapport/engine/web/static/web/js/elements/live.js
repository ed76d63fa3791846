// The bell, kept up to date by the server as long as the page is seen.
customElements.define("r-live", class extends HTMLElement {
  connectedCallback() {
    this.onVisibility = () => (document.hidden ? this.close() : this.open());
    this.onHide = () => this.close();
    this.onShow = () => this.open();
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("pagehide", this.onHide);
    addEventListener("pageshow", this.onShow);
    if (!document.hidden) this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    removeEventListener("pagehide", this.onHide);
    removeEventListener("pageshow", this.onShow);
    this.close();
  }

  open() {
    if (this.source || !document.querySelector("[data-bell-count]")) return;
    this.source = new EventSource("/live");
    this.source.addEventListener("bell", (event) => this.tell(JSON.parse(event.data).unread));
    this.source.addEventListener("signed-out", () => location.reload());
  }

  tell(unread) {
    for (const count of document.querySelectorAll("[data-bell-count]")) count.textContent = unread || "";
  }

  close() {
    this.source?.close();
    this.source = null;
  }
});
