// How much room a sum's numbers take, and how its terms are set in it.

import assert from "node:assert/strict";
import { test } from "node:test";

const { heightOfTail, longestOn, roomOfNumbers, setTerms, widthOfTerms } = await import(
  "../../cnnlab/ui/components/grid_lab/sum_room.js"
);

const GROUP = {
  first: 0,
  count: 2,
  sections: [{ left: "input", right: "kernel", columns: 3, title: "" }],
  row_sums: true,
  tail: [],
};

function scene(changed = {}) {
  return {
    boards: {
      input: { kind: "typed", texts: [["1", "-20"]], padding: 0, mode: "zeros", padded: [[1, -20]], first: null },
      kernel: { kind: "typed", texts: [["1/16"]], padding: 0, mode: "zeros", padded: [[0.0625]], first: null },
      output: { kind: "computed", frames: null, values: [7, 1234567890123], first: 0 },
    },
    groups: [GROUP],
    products: [
      [1, 2],
      [3, -400],
    ],
    parts: [],
    row_sums: [[3], [-397.5]],
    tails: [
      [
        ["text", "="],
        ["result", 7],
      ],
      [
        ["text", "="],
        ["result", 8],
      ],
    ],
    ...changed,
  };
}

test("the longest numbers of all steps count, up to what is shown of them", () => {
  const { characters } = roomOfNumbers(scene());
  assert.deepEqual(characters, { left: 3, right: 4, product: 4, row: 6, part: 6, result: 10, symbol: 0, lead: 0 });
});

test("fractions are as long as they are written, whether they have few decimals or many", () => {
  const longest = (...values) => longestOn({ kind: "computed", frames: null, values });
  assert.equal(longest(12.5, -12.25, 3.5), 6);
  assert.equal(longest(999.5, -999.5, 0.5), 6);
  assert.equal(longest(0.5, 0.1 + 0.2), 3);
  assert.equal(longest(12345.5, 0.0000001, -12345.5), 8);
  assert.equal(longest(0.5, null, 0.123456789), 11);
});

test("where the padding repeats the input, its numbers count, too", () => {
  const data = scene();
  Object.assign(data.boards.input, { padding: 1, mode: "reflect", padded: [[1, 12345]] });
  assert.equal(roomOfNumbers(data).characters.left, 5);
});

test("a scene without a sum has room for none", () => {
  const { characters, tail } = roomOfNumbers({ boards: {}, groups: [] });
  assert.equal(characters.result, 1);
  assert.equal(tail.said + tail.shown, 0);
});

test("terms come closer, lose their products and are stacked as the room gets less", () => {
  const { characters } = roomOfNumbers(scene());
  const ways = ["full", "close", "bare", "stacked"];
  const widths = ways.map((way) => widthOfTerms([GROUP], characters, way));
  assert.deepEqual(
    widths,
    [...widths].sort((one, other) => other - one),
  );
  ways.forEach((way, index) => {
    assert.equal(setTerms([GROUP], characters, widths[index]), way);
  });
  assert.equal(setTerms([GROUP], characters, 10), "stacked");
});

test("several sections have no room for products", () => {
  const group = { ...GROUP, sections: [...GROUP.sections, ...GROUP.sections] };
  assert.equal(setTerms([group], roomOfNumbers(scene()).characters, 5000), "bare");
});

test("the end of a sum has the room of its longest step", () => {
  const short = { said: 3, shown: 10, isSentence: false };
  assert.equal(heightOfTail(short, 600), 30);
  assert.equal(heightOfTail(short, 200), 60);
  assert.equal(heightOfTail({ said: 70, shown: 0, isSentence: true }, 600), 44);
});
