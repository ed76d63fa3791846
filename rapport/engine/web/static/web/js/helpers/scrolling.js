// Where a long list stood, by address, so that going back shows the same rows.
const name = () => `scroll:${location.pathname}${location.search}`;
const scroller = () => document.querySelector("[data-keep-scroll]");

export function keep() {
  const place = scroller();
  if (place) sessionStorage.setItem(name(), String(place.scrollTop));
}

export function restore() {
  const top = Number(sessionStorage.getItem(name()) ?? 0);
  if (top) scroller()?.scrollTo({ top, behavior: "instant" });
}

addEventListener("pagehide", keep);
if (["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type)) restore();
