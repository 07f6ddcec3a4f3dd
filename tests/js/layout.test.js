// Which arrangement of the boards is taken, and how large their cells are.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { element, setWindow } from "./page.js";

const { arrange, furnish, gapOf } = await import("../../cnnlab/ui/components/grid_lab/layout.js");

const board = (rows, columns) => ({ extent: [rows, columns], title: "Input", resizable: false });
const ROW = { way: "row", items: ["input", "kernel", "=", "output"] };
const STACKED = { way: "row", items: ["input", { way: "column", items: ["kernel", "output"] }] };
const WRAP = { way: "wrap", items: ["input", "kernel", "output"] };
const BELOW = 262; // pixels of player and sum
const NUMBERS = {
  characters: { left: 1, right: 1, product: 1, row: 1, part: 1, result: 1, symbol: 0, lead: 0 },
  tail: { said: 0, shown: 0, isSentence: false },
};

function scene(size, arrangements) {
  return {
    boards: { input: board(size, size), kernel: board(3, 3), output: board(size - 2, size - 2) },
    captions: {},
    groups: [],
    arrangements: arrangements.map((each) => ({
      wide: 0,
      tall: 360,
      tallest: 480,
      narrow: false,
      largest: 80,
      ...each,
    })),
  };
}

const ALL = [{ node: ROW, wide: 600 }, { node: STACKED }, { node: WRAP, narrow: true }];

const arranged = (size, arrangements, width) => arrange(scene(size, arrangements), width, NUMBERS);

beforeEach(() => setWindow());

test("the first arrangement that the component is wide enough for is taken", () => {
  assert.equal(arranged(5, ALL, 1000).node, ROW);
  assert.equal(arranged(5, ALL, 599).node, STACKED);
});

test("no board, however large, changes the arrangement, nor the room that the boards are given", () => {
  for (const size of [3, 5, 11, 20]) {
    const { node, high } = arranged(size, ALL, 1000);
    assert.equal(node, ROW);
    assert.equal(high, 360 + BELOW);
  }
});

test("larger boards have smaller cells, until those could not be read any more", () => {
  const cells = [5, 8, 11].map((size) => arranged(size, ALL, 1000).cell);
  assert.deepEqual(
    cells,
    [...cells].sort((one, other) => other - one),
  );
  for (const [index, size] of [5, 8, 11].entries()) assert.ok(size * (cells[index] + 3) + 34 <= 360);
  // Twenty rows of readable cells are higher than that, and scrolled to.
  assert.equal(arranged(20, ALL, 1400).cell, 20);
});

test("a taller window gives the boards more room, a low one less, within bounds", () => {
  const heights = [500, 600, 720, 800, 900, 1400].map((height) => {
    setWindow({ height });
    return arranged(12, ALL, 2000).high - BELOW;
  });
  assert.deepEqual(heights, [200, 200, 280, 360, 460, 480]);
});

test("on a phone only what is made for it is taken, and the last arrangement always may be", () => {
  setWindow({ width: 390 });
  assert.equal(arranged(5, ALL, 380).node, WRAP);
  assert.equal(arranged(5, [{ node: ROW }, { node: WRAP }], 380).node, WRAP);
  assert.equal(arranged(5, ALL, 380).high, 0);
});

test("what is made for a phone is not taken where a window is only narrow", () => {
  const both = [
    { node: ROW, wide: 900 },
    { node: WRAP, narrow: true },
  ];
  assert.equal(arranged(5, both, 700).node, ROW);
  assert.equal(arranged(5, [{ node: WRAP, narrow: true }], 700).node, WRAP);
});

test("small cells stand closer, and say how many characters they show whole", () => {
  const small = arranged(17, [{ node: ROW }], 640);
  assert.ok(small.cell < 20);
  assert.equal(gapOf(small.cell), 1);
  assert.equal(gapOf(21), 3);
  // As the style sheet sets them: no smaller than 8 pixels, half as wide as high.
  for (const { cell, digits, longRoom, most } of [small, arranged(5, ALL, 1400)]) {
    assert.ok(most * 0.5 * Math.max(8, digits * 0.76) < cell);
    assert.ok(longRoom <= Math.max(most, 3));
  }
});

test("cells are no larger than asked for, nor than a hand needs", () => {
  setWindow({ height: 1400 });
  const few = (largest) => arranged(3, [{ node: ROW, largest }], 3000).cell;
  assert.equal(few(30), 30);
  assert.equal(few(200), 80);
});

test("a finger's cells stay large where there is no room: the board scrolls", () => {
  assert.equal(arranged(30, [{ node: ROW }], 600).cell, 12);
  setWindow({ isTouch: true });
  assert.equal(arranged(30, [{ node: ROW }], 600).cell, 30);
});

test("larger cells have room for more characters, and smaller type for more than full size", () => {
  const narrow = arranged(5, [{ node: ROW, largest: 24 }], 1000);
  const wide = arranged(5, [{ node: ROW, largest: 48 }], 1000);
  assert.ok(narrow.room < wide.room);
  for (const { room, longRoom, weightRoom, digits } of [narrow, wide]) {
    assert.ok(longRoom >= room && weightRoom >= 2 && digits >= 12);
  }
});

test("a table's columns line up: it is as wide as the widest of each", () => {
  const table = { way: "table", columns: 2, items: ["input", "=", "", "output"] };
  // The input's 9 columns and then the output's 7, each with 3 pixels between cells, and 6 pixels between the places.
  const { cell } = arranged(9, [{ node: table, tallest: 2000, tall: 2000 }], 9 * 33 + 7 * 33 + 6);
  assert.equal(cell, 30);
});

test("a reason in place of numbers, and what is said below them, have their room", () => {
  const data = scene(5, [{ node: ROW, largest: 40 }]);
  // 5 + 3 + 3 columns with 3 pixels between cells, a sign of 18, and three gaps of 8.8 pixels in a width of 400.
  assert.ok(arrange(data, 400, NUMBERS).cell >= 27);
  data.captions.output = [{ text: "5 + 2·0 − 3 + 1 = 3", about: null, cells: {} }];
  const { cell } = arrange(data, 400, NUMBERS);
  assert.ok(8 * (cell + 3) + 150 + 18 + 3 * 8.8 <= 400);
  data.boards.output.refusal = "The kernel does not fit.";
  assert.ok(arrange(data, 400, NUMBERS).cell < cell);
});

test("boards are put where the tree has their names, and signs between them", () => {
  const elements = new Map([
    ["input", element()],
    ["output", element()],
  ]);
  const group = furnish({ way: "row", items: ["input", "=", "", "output"] }, elements);
  assert.equal(group.className, "group row");
  const [input, sign, gap, output] = group.children;
  assert.equal(input, elements.get("input"));
  assert.equal(output, elements.get("output"));
  assert.deepEqual([sign.className, sign.textContent], ["operator", "="]);
  assert.equal(gap.className, "gap");
  const table = furnish({ way: "table", columns: 3, items: [] }, elements);
  assert.equal(table.properties.get("--places"), "3");
});
