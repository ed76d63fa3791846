// What stands beside a list, in the address of the list.
export function closed(href) {
  return text(without(href, ["peek"]));
}

// Which list it is, whatever is open beside it and in it, and in whichever order an address says so.
export function bare(href) {
  const url = without(href, ["peek", "open"]);
  url.searchParams.sort();
  return text(url);
}

function without(href, names) {
  const url = new URL(href, location.href);
  for (const name of names) url.searchParams.delete(name);
  return url;
}

function text(url) {
  return url.origin + url.pathname + (url.searchParams.size ? `?${url.searchParams}` : "");
}

// Links within the list keep what is open, as those do that the server wrote while it was.
export function carry({ sourceElement: link, request }, beside, id) {
  const url = new URL(request.action, location.href);
  if (!id || link?.tagName !== "A" || beside.contains(link) || url.pathname !== location.pathname) return;
  url.searchParams.set("peek", id);
  request.action = url.pathname + url.search;
}

// What was opened is one step back, however many records were looked at since.
export function keepInHistory(href, wasOpen) {
  history.replaceState({ ...history.state, htmx: true }, "", wasOpen ? href : location.href);
  if (!wasOpen) history.pushState({ htmx: true, peeks: true }, "", href);
}
