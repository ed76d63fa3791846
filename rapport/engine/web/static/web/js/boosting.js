// Links and forms swap the sheet instead of loading a page: script, the live stream and the palette stay.
// Where the same list is shown again it is morphed, so focus and selection of text survive. Every answer is a whole page.
import { keep, restore } from "./helpers/scrolling.js";
import { preloaded } from "./helpers/preloading.js";

let latest = null;

// Marked when it begins: the link that was clicked is gone when the answer stands.
const pages = new WeakSet();
const isPage = (ctx) => pages.has(ctx);
const isBack = (ctx) => "HX-History-Restore-Request" in ctx.request.headers;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement?._htmx?.boosted && !isBack(ctx)) return;
  pages.add(ctx);
  delete ctx.request.headers["HX-Request"];
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!isPage(ctx)) return;
  keep();
  latest?.request.abort?.();
  latest = ctx;
  const early = ctx.request.method === "GET" && preloaded(ctx.request.action);
  if (early) ctx.fetch = () => early;
  busy(true);
});

// A file is handed to the browser, which knows how to save it.
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (!isPage(ctx) || ctx.response.raw.headers.get("content-type")?.startsWith("text/html")) return;
  event.preventDefault();
  ctx.response.raw.body?.cancel();
  if (ctx.request.method === "GET") location.assign(ctx.response.raw.url);
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!isPage(ctx)) return;
  if (ctx !== latest) return event.preventDefault();
  const answer = ctx.response.raw;
  const isRead = ctx.request.method === "GET";
  const isPageOfOurs = ctx.text.includes('id="app"');
  if (isRead && (!isPageOfOurs || !hasSameAssets(ctx.text))) {
    event.preventDefault();
    location.assign(answer.url || ctx.request.action);
  } else if (!isPageOfOurs) {
    Object.assign(ctx, { select: null, target: document.body, swap: "innerHTML" });
  } else if (isRead && isSamePath(answer.url)) {
    ctx.swap = "outerMorph";
  }
  ctx.stays = isSamePath(answer.url);
});

document.addEventListener("htmx:before:history:update", (event) => {
  const { history, response } = event.detail;
  if (response?.status >= 400 && history.path !== location.pathname + location.search) event.preventDefault();
  else if (history.path === location.pathname + location.search) history.type = "replace";
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!isPage(ctx)) return;
  if (isBack(ctx) || (ctx.stays && ctx.request.method !== "GET")) restore();
  else if (ctx.swap === "outerMorph") document.querySelector("[data-keep-scroll]")?.scrollTo({ top: 0 });
  if (ctx.swap !== "outerMorph" && !document.querySelector("#app [autofocus]")) {
    document.querySelector("#content")?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("rapport:page"));
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx !== latest) return;
  latest = null;
  busy(false);
});

function busy(on) {
  document.querySelector(".busy")?.classList.toggle("on", on);
}

function isSamePath(url) {
  return Boolean(url) && new URL(url, location.href).pathname === location.pathname;
}

// After an upgrade the server speaks of other files; then the page is loaded anew.
function hasSameAssets(text) {
  return [...document.querySelectorAll("head > link[rel=stylesheet], head > script[src]")]
    .every((one) => text.includes(one.getAttribute("href") ?? one.getAttribute("src")));
}
