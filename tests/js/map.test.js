// The map's arithmetic: what is connected to what, where cells lie, where keys lead, and what is told of a cell.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  connected,
  countsOf,
  marksOf,
  readersOf,
  spanOf,
  unpacked,
} from "../../cnnlab/ui/components/map/connections.js";
import {
  across,
  box,
  boxes,
  cellAt,
  cellSize,
  gridLines,
  nearest,
  numbered,
  placeOf,
  roundDown,
  tiling,
} from "../../cnnlab/ui/components/map/geometry.js";
import { cellOf, exists, indexOf, nearestIn, target } from "../../cnnlab/ui/components/map/steps.js";
import { show, telling } from "../../cnnlab/ui/components/map/telling.js";

// A kernel of 3 with dilation 2 and padding 1 on rows of 7 pixels, and one of 2 with stride 3 on columns of 8.
const WINDOWS = unpacked({
  layout: "beside",
  words: {
    told_window: "{number} of {total}: {top}-{bottom}, {left}-{right}",
    told_window_rim: "{number} of {total}: {top}-{bottom}, {left}-{right} (rim)",
    told_pixel: "{row},{col}: {count}",
    told_pixel_once: "{row},{col}: once",
    told_pixel_rim: "{row},{col}: {count} (rim)",
    told_pixel_beyond: "beyond",
  },
  planes: [
    {
      rows: { size: 7, padding: [1, 1], room: [1, 1] },
      cols: { size: 8, room: [0, 2] },
      use: "point",
      told: "pixel",
    },
    { rows: { size: 5, centre: 1 }, cols: { size: 3, centre: 0.5, jump: 3 }, use: "choose", told: "window" },
  ],
  links: [
    {
      source: 1,
      target: 0,
      rows: {
        firsts: [-1, 0, 1, 2, 3],
        shapes: [
          [
            5,
            [
              [0, 1],
              [2, 1],
              [4, 1],
            ],
          ],
        ],
      },
      cols: {
        firsts: [0, 3, 6],
        shapes: [
          [
            2,
            [
              [0, 1],
              [1, 1],
            ],
          ],
        ],
      },
    },
  ],
});

// Two convolutions of 3 on 6 pixels, the first with padding 1: maps of 6, 6 and 4 cells.
const shapes = [
  [3, [[1, 2]]],
  [3, [[0, 3]]],
  [3, [[0, 2]]],
];
const STACK = unpacked({
  layout: "tiles",
  words: {
    told_unit: "layer {layer}: {size} wide",
    told_unit_part: "layer {layer}: {count} of {all}",
    told_unit_part_rim: "layer {layer}: {count} of {all}, from {left}",
  },
  planes: [
    { rows: { size: 6, room: [1, 1] } },
    { rows: { size: 6 }, use: "choose", told: "unit" },
    { rows: { size: 4, centre: 1 }, use: "choose", told: "unit" },
  ],
  links: [
    { source: 1, target: 0, rows: { firsts: [-1, 0, 1, 2, 3, 4], shapes, kinds: [0, 1, 1, 1, 1, 2] } },
    {
      source: 2,
      target: 0,
      rows: {
        firsts: [-1, 0, 1, 2],
        shapes: [
          [5, [[1, 4]]],
          [5, [[0, 5]]],
          [5, [[0, 4]]],
        ],
        kinds: [0, 1, 1, 2],
      },
    },
    { source: 2, target: 1, rows: { firsts: [0, 1, 2, 3], shapes: [[3, [[0, 3]]]] } },
  ],
});

test("puts in what Python left out", () => {
  assert.deepEqual(STACK.planes[0].cols, { size: 6, padding: [0, 0], room: [1, 1], centre: 0, jump: 1 });
  assert.equal(STACK.planes[0].use, "look");
  assert.equal(STACK.links[0].cols, STACK.links[0].rows);
  assert.equal(STACK.is_fixed, false);
  assert.deepEqual(unpacked({ layout: "side", words: {}, planes: [] }).links, []);
});

test("unpacks a span by its first cell and its shape", () => {
  assert.deepEqual(spanOf(STACK.links[0].rows, 0), { first: -1, last: 1, runs: [[0, 2]], count: 2 });
  assert.deepEqual(spanOf(STACK.links[0].rows, 5), { first: 4, last: 6, runs: [[4, 2]], count: 2 });
  const gaps = spanOf(WINDOWS.links[0].rows, 1);
  assert.deepEqual(gaps, {
    first: 0,
    last: 4,
    runs: [
      [0, 1],
      [2, 1],
      [4, 1],
    ],
    count: 3,
  });
});

test("finds the windows that read a pixel", () => {
  const cells = (/** @type {number} */ pixel) => readersOf(WINDOWS.links[0].rows, pixel).runs.map(([cell]) => cell);
  assert.deepEqual(cells(-1), [0]);
  assert.deepEqual(cells(0), [1]);
  assert.deepEqual(cells(3), [0, 2, 4]);
  assert.deepEqual(readersOf(WINDOWS.links[0].cols, 2), { first: 0, last: -1, runs: [], count: 0 });
});

test("counts the windows that read each pixel, in padding too and not beyond it", () => {
  const [{ rows, cols }] = WINDOWS.planes;
  const [link] = WINDOWS.links;
  assert.deepEqual(
    countsOf(link.rows, rows).map(({ cell, count }) => [cell, count]),
    [-1, 0, 1, 2, 3, 4, 5, 6, 7].map((cell) => [cell, readersOf(link.rows, cell).count]),
  );
  assert.deepEqual(
    countsOf({ ...link.cols, firsts: [0, 3, 7] }, cols).map(({ count }) => count),
    [1, 1, 0, 1, 1, 0, 0, 1],
  );
});

test("reads the same pairs both ways", () => {
  const { rows } = WINDOWS.links[0];
  for (let window = 0; window < 5; window++)
    for (let pixel = -1; pixel < 8; pixel++)
      assert.equal(
        spanOf(rows, window).runs.some(([start]) => start === pixel),
        readersOf(rows, pixel).runs.some(([start]) => start === window),
      );
});

test("looks down from what can be chosen, and up from what can only be pointed at", () => {
  assert.deepEqual([...connected(STACK, [2, 0, 0]).keys()], [0, 1]);
  assert.deepEqual([...connected(STACK, [1, 0, 0]).keys()], [0]);
  assert.deepEqual([...connected(WINDOWS, [0, 3, 0]).keys()], [1]);
  assert.deepEqual([...connected(WINDOWS, [1, 0, 0]).keys()], [0]);
});

test("marks the cell that is pointed at in place of the chosen one where it could be chosen, too", () => {
  const marks = marksOf(STACK, [2, 1, 1], [1, 0, 5]);
  assert.deepEqual(
    marks.map((each) => each.length),
    [1, 1, 0],
  );
  assert.equal(marks[1][0].isOwn, true);
  assert.equal(marks[0][0].cols.first, 4);
});

test("keeps the chosen window beside a pixel that is pointed at", () => {
  const marks = marksOf(WINDOWS, [1, 0, 1], [0, 3, 0]);
  assert.deepEqual(
    marks[0].map(({ isOwn, rows }) => [isOwn, rows.first]),
    [
      [false, -1],
      [true, 3],
    ],
  );
  assert.deepEqual(
    marks[1].map(({ isOwn, rows, cols }) => [isOwn, rows.count, cols.count]),
    [[false, 3, 1]],
  );
});

test("marks nothing where nothing is chosen", () => {
  assert.deepEqual(marksOf(STACK, null, null), [[], [], []]);
});

const limits = { fine: 5, least: 0.5 };

test("gives a cell whole pixels where it has enough of them", () => {
  assert.equal(cellSize(100, 9, limits), 11);
  assert.equal(cellSize(1000, 9, limits), 44);
  assert.equal(cellSize(1000, 9, limits, 12), 12);
  assert.equal(cellSize(45, 10, limits), 4.5);
  assert.equal(cellSize(-3, 10, limits), 0.5);
});

test("places the first cell after the room before it", () => {
  const [padded] = WINDOWS.planes;
  assert.deepEqual(placeOf(padded, 10, 24), { x: 24, y: 34, cell: 10 });
  assert.equal(across(padded.rows), 9);
});

test("finds the cell under a point, in padding and on edges too", () => {
  const [padded] = WINDOWS.planes;
  const place = placeOf(padded, 10, 24);
  assert.deepEqual(cellAt(padded, place, 24, 34, false), [0, 0]);
  assert.deepEqual(cellAt(padded, place, 33.9, 24, false), [-1, 0]);
  assert.deepEqual(cellAt(padded, place, 103.9, 113.9, false), [7, 7]);
  assert.equal(cellAt(padded, place, 23.9, 40, false), null);
  assert.equal(cellAt(padded, place, 40, 114, false), null);
  // Two columns that the window reaches beyond.
  assert.equal(cellAt(padded, place, 104, 40, false), null);
  assert.deepEqual(cellAt(padded, place, 104, 40, true), [0, 8]);
  assert.equal(cellAt(padded, place, 124, 40, true), null);
});

test("writes cells as paths", () => {
  const place = { x: 3, y: 5, cell: 10 };
  assert.equal(box(place, -1, 2, 1, 3), "M23 -5h30v10h-30z");
  assert.equal(
    boxes(
      place,
      [
        [0, 1],
        [2, 1],
      ],
      [[0, 2]],
    ),
    "M3 5h20v10h-20zM3 25h20v10h-20z",
  );
  assert.equal(boxes(place, [], [[0, 2]]), "");
});

test("draws lines around every cell, those of the padding too", () => {
  const [padded] = WINDOWS.planes;
  const d = gridLines(padded, { x: 0, y: 0, cell: 10 });
  assert.equal(d.match(/h80/g)?.length, 10);
  assert.equal(d.match(/v90/g)?.length, 9);
});

test("numbers as many cells as there is room for, the first one always", () => {
  const axis = { size: 12, padding: /** @type {[number, number]} */ ([2, 1]), room: [2, 1], centre: 0, jump: 1 };
  const numbers = (/** @type {number} */ cell) => numbered(axis, cell).map((each) => each + 1);
  assert.deepEqual(numbers(22), [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  assert.deepEqual(numbers(11), [-1, 1, 3, 5, 7, 9, 11, 13]);
  assert.deepEqual(numbers(5), [0, 1, 5, 10]);
  assert.deepEqual(numbers(0.1), [0, 1]);
});

test("lays tiles out in the columns that make them largest", () => {
  const between = { gap: 20, line: 8, caption: 44 };
  assert.deepEqual(tiling([5, 3, 2], 5, 700, 316, between), { tile: 132, columns: 3 });
  assert.deepEqual(tiling([5, 3, 2], 5, 700, 100, between), { tile: 100, columns: 5 });
  assert.deepEqual(tiling([3], 8, 380, Number.POSITIVE_INFINITY, between), { tile: 340 / 3, columns: 3 });
});

test("finds the nearest cell of another axis by their middles", () => {
  const pixels = { size: 9, padding: [0, 0], room: [0, 0], centre: 0, jump: 1 };
  const windows = { size: 4, padding: [0, 0], room: [0, 0], centre: 1, jump: 2 };
  assert.deepEqual(
    [0, 1, 2, 3, 8].map((cell) => nearest(pixels, cell, windows)),
    [0, 0, 1, 1, 3],
  );
  assert.deepEqual(
    [0, 1, 2, 3, 8].map((cell) => nearest(pixels, cell, windows, roundDown)),
    [0, 0, 0, 1, 3],
  );
  assert.equal(nearest(windows, 3, pixels), 7);
});

test("walks within a plane and stays in it", () => {
  assert.deepEqual(target(STACK, [2, 1, 1], "ArrowUp", 2), [2, 0, 1]);
  assert.deepEqual(target(STACK, [2, 0, 1], "ArrowUp", 2), [2, 0, 1]);
  assert.deepEqual(target(STACK, [2, 1, 3], "ArrowRight", 2), [2, 1, 3]);
  assert.deepEqual(target(STACK, [2, 1, 3], "Home", 2), [2, 0, 0]);
  assert.deepEqual(target(STACK, [2, 1, 3], "End", 2), [2, 3, 3]);
  assert.equal(target(STACK, [2, 1, 3], "a", 2), null);
  assert.equal(target(STACK, [2, 1, 3], " ", 2), null);
});

test("goes to the cell of another plane that looks at the same place", () => {
  assert.deepEqual(target(STACK, [2, 1, 3], "PageDown", 2), [1, 2, 4]);
  assert.deepEqual(target(STACK, [1, 2, 4], "PageUp", 1), [2, 1, 3]);
  assert.deepEqual(target(STACK, [2, 1, 3], "PageUp", 2), [2, 1, 3]);
  assert.deepEqual(target(STACK, [1, 2, 4], "PageDown", 1), [1, 2, 4]);
  // A key in another plane begins at what is nearest there.
  assert.deepEqual(target(STACK, [2, 1, 3], "ArrowLeft", 1), [1, 2, 3]);
  assert.deepEqual(nearestIn(STACK, 1, [2, 3, 0]), [1, 4, 1]);
});

test("moves the window with the focus on the input, where nothing can be chosen", () => {
  assert.deepEqual(target(WINDOWS, [1, 2, 1], "ArrowDown", 0), [1, 3, 1]);
  assert.deepEqual(target(WINDOWS, [1, 2, 1], "End", 0), [1, 4, 2]);
  assert.equal(target(WINDOWS, [1, 2, 1], "PageUp", 0), null);
});

test("goes along both axes from the side, and up and down between planes", () => {
  assert.deepEqual(target(STACK, [2, 1, 1], "ArrowRight", null), [2, 2, 2]);
  assert.deepEqual(target(STACK, [2, 1, 1], "ArrowDown", null), [1, 2, 2]);
  assert.deepEqual(target(STACK, [1, 2, 2], "ArrowUp", null), [2, 1, 1]);
  assert.deepEqual(target(STACK, [1, 2, 2], "PageUp", null), [2, 1, 1]);
});

test("counts the cells of a plane row by row", () => {
  assert.deepEqual(indexOf(WINDOWS, [1, 2, 1]), { index: 7, last: 14 });
  for (let index = 0; index < 15; index++) assert.equal(indexOf(WINDOWS, cellOf(WINDOWS, 1, index)).index, index);
});

test("knows which cells can be chosen", () => {
  assert.equal(exists(STACK, [2, 3, 3]), true);
  for (const cell of /** @type {const} */ ([
    [2, 4, 0],
    [2, 0, 4],
    [3, 0, 0],
    [0, 0, 0],
  ]))
    assert.equal(exists(STACK, cell), false);
  assert.equal(exists(STACK, null), false);
});

test("tells of a window where it lies, and that it lies in padding", () => {
  assert.equal(telling(WINDOWS, [1, 1, 2]), "6 of 15: 1-5, 7-8");
  assert.equal(telling(WINDOWS, [1, 0, 0]), "1 of 15: 0-4, 1-2 (rim)");
});

test("tells of a pixel how many windows read it", () => {
  assert.equal(telling(WINDOWS, [0, 3, 0]), "4,1: 3");
  assert.equal(telling(WINDOWS, [0, 0, 0]), "1,1: once");
  assert.equal(telling(WINDOWS, [0, 0, 2]), "1,3: 0");
  assert.equal(telling(WINDOWS, [0, 0, 8]), "beyond");
});

test("takes the words that there are", () => {
  assert.equal(telling(STACK, [2, 1, 1]), "layer 2: 5 wide");
  assert.equal(telling(STACK, [2, 3, 3]), "layer 2: 16 of 25");
  assert.equal(telling(STACK, [2, 0, 1]), "layer 2: 20 of 25, from 1");
  assert.equal(telling({ ...STACK, links: [] }, [2, 1, 1]), "layer 2: {size} wide");
});

test("tells of one axis from the side", () => {
  assert.equal(telling({ ...STACK, layout: "side" }, [2, 0, 0]), "layer 2: 4 of 5, from 0");
});

test("writes numbers as people do", () => {
  assert.equal(show(-1234), "−1,234");
  assert.equal(show("1234"), "1234");
});
