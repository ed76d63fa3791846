// Pages that are about to be asked for: the pointer rests on their link. Each is kept for a moment, and used once.
const DWELL = 80; // ms; shorter, and crossing a list would ask for every row
const FRESH = 4000;
const IS_FILE = /\.\w+$/;
const pages = new Map();
let resting = 0;

export function preloaded(address) {
  const url = new URL(address, location.href).href;
  const page = pages.get(url);
  pages.delete(url);
  return page && Date.now() - page.at < FRESH ? page.answer : null;
}

function preload(link) {
  const url = link.href;
  if (!link._htmx?.boosted || link.hash || "peek" in link.dataset || IS_FILE.test(link.pathname) || pages.has(url) || url === location.href || navigator.connection?.saveData) return;
  const answer = fetch(url, { credentials: "same-origin", headers: { Accept: "text/html", "Sec-Purpose": "prefetch" } });
  answer.catch(() => pages.delete(url));
  pages.set(url, { at: Date.now(), answer });
  setTimeout(() => pages.delete(url), FRESH);
}

document.addEventListener("pointerover", (event) => {
  clearTimeout(resting);
  const link = event.target.closest?.("a[href]");
  if (link && event.pointerType === "mouse") resting = setTimeout(() => preload(link), DWELL);
});
document.addEventListener("pointerdown", (event) => {
  const link = event.button === 0 && event.target.closest?.("a[href]");
  if (link) preload(link);
});
// What was fetched before something was changed shows the old state.
document.addEventListener("submit", () => pages.clear(), true);
