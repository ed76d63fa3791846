// Where the arrows lead on a board: along a lane, across to the next one, to the lane beside that takes cards.
const STEPS = { j: [0, 1], ArrowDown: [0, 1], k: [0, -1], ArrowUp: [0, -1], l: [1, 0], ArrowRight: [1, 0], h: [-1, 0], ArrowLeft: [-1, 0] };

// How far a key leads: aside and down; nothing for other keys.
export function stepOf(key) {
  return STEPS[key];
}

export function beside(card, step, kind) {
  const lanes = [...card.closest(".lanes").querySelectorAll(".lane")];
  for (let at = lanes.indexOf(card.closest(".lane")) + step; lanes[at]; at += step) if (lanes[at].matches(kind)) return lanes[at];
  return null;
}

export function nextCard(card, [aside, down]) {
  const cards = cardsOf(card.closest(".lane"));
  const place = cards.indexOf(card);
  if (down) return cards[place + down];
  const others = cardsOf(beside(card, aside, ".lane:has(.tile)"));
  return others[Math.min(place, others.length - 1)];
}

export function goTo(card) {
  card?.querySelector(".title").focus();
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  card?.dispatchEvent(new CustomEvent("rapport:here", { bubbles: true }));
}

function cardsOf(lane) {
  return [...(lane?.querySelectorAll(".tile") ?? [])];
}
