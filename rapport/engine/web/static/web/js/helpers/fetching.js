// Parts of pages from the server. The header tells it that script asks, so it answers without the frame.
export async function part(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { "HX-Request": "true", ...options.headers }, credentials: "same-origin" });
  const redirect = answer.headers.get("HX-Redirect");
  if (redirect) {
    location.assign(redirect);
    return null;
  }
  if (answer.status === 403) await sayNo(answer.clone());
  return answer;
}

// Why something was refused, in the words of the server.
async function sayNo(answer) {
  const said = fragment(await answer.text()).querySelector("template[data-refused]");
  if (said) document.querySelector("r-toast")?.say(said.content);
}

// What an element asks for by one of its addresses. Late is what comes when it is gone, or names another address by then.
export async function partOf(element, name) {
  const url = element.dataset[name];
  const answer = await part(url).catch(() => null);
  const text = await answer?.text().catch(() => null);
  const isLate = !element.isConnected || element.dataset[name] !== url;
  return { isLate, isGood: Boolean(answer?.ok && text !== null), content: answer && fragment(text ?? "") };
}

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
