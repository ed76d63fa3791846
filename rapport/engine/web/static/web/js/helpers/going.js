// Going to an address of the same list from script, as a click on a link would: the sheet is swapped, Back leads back,
// and the list stays where it was scrolled to.
import htmx from "../../../npm/htmx.esm.min.js";

const scroller = () => document.querySelector("[data-keep-scroll]");

export function goTo(url) {
  const top = scroller()?.scrollTop;
  if (top) document.addEventListener("rapport:page", () => scroller()?.scrollTo({ top, behavior: "instant" }), { once: true });
  const link = Object.assign(document.createElement("a"), { href: url.pathname + url.search, hidden: true });
  document.querySelector("#app").append(link);
  htmx.process(link);
  link.click();
  link.remove();
}
