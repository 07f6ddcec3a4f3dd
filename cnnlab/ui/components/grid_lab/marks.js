// What a step says about single cells, and the frame around those that it reads.

// The marks of one cell: tapped (read by the window), pointed, won (the largest of a pooling's window), hinted; `weight` is
// the text in a read cell's corner.
function markCell(cell, look, lab) {
  const key = look ? `${look.tapped} ${look.pointed} ${look.won} ${look.hinted} ${look.weight} ${lab.version}` : "";
  if ((cell.dataset.mark ?? "") === key) return;
  cell.dataset.mark = key;
  cell.classList.toggle("tap", Boolean(look?.tapped));
  cell.classList.toggle("pointed", Boolean(look?.pointed));
  cell.classList.toggle("won", Boolean(look?.won));
  cell.classList.toggle("hinted", Boolean(look?.hinted));
  setAttribute(cell, "data-weight", look?.weight ?? null);
}

// Lay a frame around the cells that are read; hidden where there are none.
function frameAround(frame, looks, columns, size) {
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
