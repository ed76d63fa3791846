// Where a place in one text lies in another that was made of it: what stands before the change stays, what stands after moves along.
export function moved(before, after, at) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  if (at <= head) return at;
  return at >= before.length - tail ? at + after.length - before.length : Math.min(at, after.length - tail);
}
