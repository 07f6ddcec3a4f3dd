// How large boards and sum are in present mode: as large as the screen lets them, and all of it is seen.

import assert from "node:assert/strict";
import { test } from "node:test";

const { hasSum } = await import("../../cnnlab/ui/components/grid_lab/layout.js");
const { present } = await import("../../cnnlab/ui/components/grid_lab/present.js");
const { roomOfNumbers } = await import("../../cnnlab/ui/components/grid_lab/sum_room.js");

const ROW = { way: "row", items: ["input", "*", "kernel", "=", "output"] };
const COLUMN = { way: "column", items: ["input", "kernel", "output"] };
const PROJECTOR = [1248, 700];
const WANTED = 24;
const GAP = 3; // pixels between cells
const LINE = 1.5; // em from one row of terms to the next, as in grid_lab.css
const WORDS = 1.35; // em of a line of words
const BUTTON = 2.2; // em of the words, of a line of the player
const EDGES = 34; // pixels above and below a sum and between what stands in it, together
const APART = 10; // pixels from the boards to the sum, and to each line below

const square = (size, value) => Array.from({ length: size }, () => new Array(size).fill(value));

function typed(size, value) {
  const texts = square(size, String(value));
  const padded = square(size, value);
  return { kind: "typed", title: "Input", extent: [size, size], texts, padding: 0, mode: "zeros", padded, first: null };
}

function scene({ size = 5, value = 1, arrangements = [ROW], groups = 1 } = {}) {
  const outputs = size - 2;
  const steps = outputs ** 2;
  const group = {
    first: 0,
    count: steps,
    sections: [{ left: "input", right: "kernel", columns: 3, title: "" }],
    row_sums: true,
    tail: [],
  };
  return {
    arrangements: arrangements.map((node) => ({ node })),
    boards: {
      input: typed(size, value),
      kernel: typed(3, value),
      output: {
        kind: "computed",
        title: "Output",
        extent: [outputs, outputs],
        frames: null,
        values: new Array(steps).fill(9 * value * value),
        first: 0,
      },
    },
    groups: groups ? [group] : [],
    reads: { input: new Array(steps).fill([0, 1, 2, 3, 4, 5, 6, 7, 8]) },
    products: new Array(steps).fill(new Array(9).fill(value * value)),
    parts: [],
    row_sums: new Array(steps).fill([3, 3, 3]),
    tails: new Array(steps).fill([["result", 9 * value * value]]),
    titles: ["Output row 1, column 1: input × kernel, added up"],
    words: {},
  };
}

const presented = (data, [width, height]) => present(data, width, height, roomOfNumbers(data));
const across = (data, name, { cell }) => data.boards[name].extent[1] * (cell + GAP);

test("on a projector digits are large enough to be read from afar, and they grow with the screen", () => {
  const digits = [PROJECTOR, [1888, 1060], [3808, 2140]].map((room) => presented(scene(), room).digits);
  assert.ok(digits[0] >= WANTED, `${digits[0]} px`);
  assert.ok(digits[1] >= 1.4 * digits[0], `${digits}`);
  assert.ok(digits[2] > digits[1], `${digits}`);
});

function highOf({ words, digits, titleLines, tailHigh, tall, node }, size) {
  const boards = size * (tall + GAP) + WORDS * words;
  const sum = WORDS * words * titleLines + 3 * LINE * digits + tailHigh + EDGES;
  const below = 2 * (BUTTON * words + APART);
  return (hasSum(node) ? Math.max(boards, sum) : boards + APART + sum) + below;
}

for (const { where, isBeside, rooms } of [
  { where: "beneath them", isBeside: false, rooms: [PROJECTOR, [821, 460], [1888, 1060], [600, 900]] },
  {
    where: "beside them, in a low window,",
    isBeside: true,
    rooms: [
      [1888, 600],
      [1888, 300],
      [1400, 500],
    ],
  },
])
  test(`all boards fit beside each other, and ${where} the sum`, () => {
    for (const size of [3, 5, 7, 9])
      for (const [width, height] of rooms) {
        const data = scene({ size });
        const shown = presented(data, [width, height]);
        assert.equal(hasSum(shown.node), isBeside, `${size} rows, ${width} px`);
        const boards = ["input", "kernel", "output"].reduce((all, name) => all + across(data, name, shown), 0);
        const wide = isBeside ? boards + shown.sumWidth : Math.max(boards, shown.sumWidth);
        assert.ok(wide <= width, `${size} rows, ${width} px: ${wide}`);
        const high = highOf(shown, size);
        assert.ok(high <= height, `${size} rows, ${height} px: ${high}`);
      }
  });

test("longer numbers have wider cells, as long as there is room", () => {
  const [short, long] = [1, -123].map((value) => presented(scene({ value }), PROJECTOR));
  assert.ok(long.cell / long.digits > short.cell / short.digits);
  assert.ok(long.characters.left === 4 && short.characters.left === 1);
});

test("of the arrangements that are offered, the one with the largest digits is taken", () => {
  const tall = presented(scene({ arrangements: [ROW, COLUMN], groups: 0 }), [500, 1400]);
  assert.deepEqual(tall.node, COLUMN);
  const wide = presented(scene({ arrangements: [COLUMN, ROW], groups: 0 }), [1400, 500]);
  assert.deepEqual(wide.node, ROW);
});

test("where nothing fits, digits are small and all is drawn: it scrolls", () => {
  const { digits, cell } = presented(scene({ size: 60 }), [320, 200]);
  assert.equal(digits, 10);
  assert.ok(cell > digits);
});
