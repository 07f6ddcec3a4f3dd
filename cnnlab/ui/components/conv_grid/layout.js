// How large the cells are, and how the three grids stand: side by side, the kernel above the output, or in a column.

const GAP = 3; // pixels between two cells, as in conv_grid.css
const LONG = 0.76; // how much smaller long numbers are set, as in conv_grid.css
const HEAD = 142; // pixels that a grid's name and its size fields take

// The arrangement for a component of this width, the pixels of a cell and its digits, and how many characters fit:
// `room` in full size, `longRoom` in smaller type, `weightRoom` in the corner of a cell of the window.
function arrange(data, width) {
  const [h, w] = [data.padded.length, data.padded[0].length];
  const [fh, fw] = [data.weights.length, data.weights[0].length];
  const [oh, ow] = [Math.max(1, data.rows.length), Math.max(2, data.columns.length)];
  const narrow = width < 500;
  const most = narrow ? 42 : width > 900 && window.innerHeight > 950 ? 58 : 48;
  // Fingers need 30 pixels; a grid that is wider then scrolls in its own box.
  const least = narrow || window.matchMedia("(pointer: coarse)").matches ? 30 : 20;
  const refusal = data.refusal === null ? 0 : 190;
  const wide = (cells, cell, head = HEAD) => Math.max(head, cells * (cell + GAP));
  const tall = (cells, cell) => cells * (cell + GAP);
  const fits = {
    row: (cell) => wide(w, cell) + wide(fw, cell) + wide(ow, cell, refusal) + 110 <= width && tall(Math.max(h, fh, oh), cell) <= 520,
    corner: (cell) => wide(w, cell) + Math.max(wide(fw, cell), wide(ow, cell)) + 44 <= width && tall(fh + oh, cell) <= 560,
    column: (cell) => wide(w, cell) <= width && (narrow || wide(fw, cell) + wide(ow, cell) + 36 <= width) && cell <= 36,
  };
  const biggest = (name) => {
    let cell = most;
    while (cell > least && !fits[name](cell)) cell -= 1;
    return fits[name](cell) ? cell : 0;
  };
  const sizes = { row: biggest("row"), corner: biggest("corner"), column: biggest("column") };
  // Side by side the sum below stays in sight, so the larger cells of the other arrangements must be needed.
  const arrangement = sizes.row >= 28 ? "row" : sizes.corner >= 20 && !narrow ? "corner" : "column";
  const cell = Math.max(least, sizes[arrangement]);
  const digits = Math.max(10, Math.min(22, Math.round(cell * 0.4)));
  const characters = (pixels, size) => Math.max(3, Math.floor(pixels / (size * 0.6)));
  const room = characters(cell - 4, digits);
  return {
    arrangement,
    cell,
    digits,
    room,
    longRoom: Math.max(room, characters(cell - 2, Math.max(9, digits * LONG))),
    weightRoom: characters(cell - 6, Math.max(9, digits * 0.58)) - 1,
  };
}
