// What a step says about single cells, and the frame around those that it reads.

import { setAttribute } from "./format.js";
import { GAP } from "./layout.js";

// The marks of one cell: tapped (read by the window), pointed, won (the largest of a pooling's window), tied (as large, but
// not taken), same (equal to its counterpart), hinted; `weight` is the text in a read cell's corner.
const MARKS = { tapped: "tap", pointed: "pointed", won: "won", tied: "tied", same: "same", hinted: "hinted" };

export function markCell(cell, look) {
  const key = look ? `${Object.keys(MARKS).map((mark) => Boolean(look[mark]))} ${look.weight}` : "";
  if ((cell.marked ?? "") === key) return;
  cell.marked = key;
  for (const [mark, name] of Object.entries(MARKS)) cell.classList.toggle(name, Boolean(look?.[mark]));
  setAttribute(cell, "data-weight", look?.weight ?? null);
}

// Lay a frame around the cells that are read; hidden where there are none.
export function frameAround(frame, looks, columns, size) {
  const read = [...(looks ?? [])].filter(([, look]) => look.tapped).map(([cell]) => cell);
  frame.hidden = read.length === 0;
  if (frame.hidden) return;
  const rows = read.map((cell) => Math.floor(cell / columns));
  const places = read.map((cell) => cell % columns);
  const [top, bottom, left, right] = [Math.min(...rows), Math.max(...rows), Math.min(...places), Math.max(...places)];
  const pitch = size + GAP;
  Object.assign(frame.style, {
    transform: `translate(${left * pitch}px, ${top * pitch}px)`,
    width: `${(right - left + 1) * pitch - GAP}px`,
    height: `${(bottom - top + 1) * pitch - GAP}px`,
  });
}
