// Where a record stands in a list, whatever its layout: the thing with an id that holds its link.
import htmx from "../../../npm/htmx.esm.min.js";
import { fragment, part } from "./fetching.js";

export function placeOf(link) {
  return link?.closest("[id]:not(#app, #content)") ?? null;
}

// The link of the record at hand: the one that holds the focus, or else the one that is marked.
export function currentLink() {
  const focused = document.activeElement.closest("main > * [id]:has([data-peek])");
  return (focused ?? document.querySelector("main .here"))?.querySelector("[data-peek]") ?? null;
}

// The arrows of a panel go through what is shown by now, such as more rows of a group; past its end as the server says.
export function lead(panel, link) {
  if (!panel || !link) return;
  const shown = [...document.querySelectorAll("main [data-peek]")].filter((one) => placeOf(one)?.checkVisibility());
  const each = new Map(shown.map((one) => [one.dataset.peek, one]).reverse());
  const ways = shown.filter((one) => each.get(one.dataset.peek) === one);
  const here = ways.findIndex((one) => one.dataset.peek === link.dataset.peek);
  if (here < 0) return;
  for (const [rel, to] of [["prev", ways[here - 1]], ["next", ways[here + 1]]]) {
    const arrow = panel.querySelector(`[rel=${rel}]`);
    if (to) arrow.href = to.href;
    arrow.hidden = !arrow.hasAttribute("href");
  }
}

// The record of a link is the one at hand from now on.
export function markHere(link) {
  const place = placeOf(link);
  if (!place) return;
  document.querySelector("main .here")?.classList.remove("here");
  place.classList.add("here");
  place.scrollIntoView({ block: "nearest" });
}

// Shows anew what the list says of one record; what is ticked or at hand stays so.
export async function renew(place) {
  if (!place) return;
  const answer = await part(location.href).catch(() => null);
  const fresh = answer?.ok && fragment(await answer.text()).getElementById(place.id);
  if (!fresh || !place.isConnected || place.querySelector("form.cell")) return;
  fresh.classList.toggle("here", place.classList.contains("here"));
  const [is, was] = [fresh, place].map((one) => one.querySelector(".pick"));
  if (was) is.checked = was.checked;
  place.replaceWith(fresh);
  htmx.process(fresh);
}
