// Cards that are dragged over a board, by the browser's own means: these work for mouse, pen and a long touch.
const HEARD = { dragstart: lift, dragover: hover, dragleave: leave, drop: put, dragend: land };
const TAKES = ".lane[data-takes]";
let lifted = null;

// Tells the board when a card is put down on a lane that takes cards.
export function letDrag(board) {
  for (const [name, heard] of Object.entries(HEARD)) board.addEventListener(name, heard);
}

function lift(event) {
  lifted = event.target.matches?.(".tile[draggable=true]") ? event.target : null;
  if (!lifted) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", lifted.querySelector(".title").textContent);
  // What changes at once would be in the picture under the pointer.
  setTimeout(() => mark(this, Boolean(lifted)));
}

function hover(event) {
  const lane = lifted && event.target.closest(TAKES);
  for (const one of this.querySelectorAll(".lane")) one.classList.toggle("over", one === lane && !one.contains(lifted));
  if (lane) event.preventDefault();
}

function leave(event) {
  if (!this.contains(event.relatedTarget)) for (const one of this.querySelectorAll(".over")) one.classList.remove("over");
}

function put(event) {
  const lane = event.target.closest(TAKES);
  if (!lifted || !lane) return;
  event.preventDefault();
  this.move(lifted, lane);
}

function land() {
  mark(this, false);
  lifted = null;
}

// Lanes while a card hangs over the board. Those that are only lent for it go again when they stay empty.
function mark(board, isLifted) {
  board.classList.toggle("dragging", isLifted);
  lifted?.classList.toggle("lifted", isLifted);
  for (const lane of board.querySelectorAll(".lane")) {
    lane.classList.remove("over");
    if (isLifted && lane.hidden && lane.matches(TAKES)) lane.dataset.lent = "";
    if (lane.dataset.lent !== undefined) lane.hidden = !isLifted && !lane.querySelector(".tile");
    if (!isLifted) delete lane.dataset.lent;
  }
}
