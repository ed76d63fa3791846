// A list of options below an input: the one that is chosen is marked, and read out by the input.
export function options(list) {
  return [...list.querySelectorAll("[role=option]")];
}

export function chosen(list) {
  return options(list).findIndex((one) => one.ariaSelected === "true");
}

export function choose(input, list, option) {
  for (const one of options(list)) one.ariaSelected = String(one === option);
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

// The option that an arrow leads to, around the ends; none for another key.
export function stepped(list, key) {
  const all = options(list);
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!step || !all.length) return null;
  const here = chosen(list);
  return all.at(here < 0 && step < 0 ? -1 : (here + step) % all.length);
}
