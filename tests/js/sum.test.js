// When a sum works the room of its numbers out anew.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { SumView } = await import("../../cnnlab/ui/components/grid_lab/sum.js");

function scene() {
  return {
    boards: {
      input: { kind: "typed", texts: [["1", "2"]], padding: 0, mode: "zeros", padded: [[1, 2]], first: null },
      output: { kind: "computed", frames: null, values: [3], first: 0 },
    },
    groups: [
      {
        first: 0,
        count: 1,
        sections: [{ left: "input", right: null, columns: 2, title: "" }],
        row_sums: false,
        tail: [],
      },
    ],
    products: [[1, 2]],
    parts: [],
    row_sums: null,
    tails: [[["result", 3]]],
    total_scale: 3,
  };
}

test("an answer with the numbers that are held already leaves the room as it is", () => {
  const sum = new SumView({});
  const data = scene();
  sum.take(data);
  const { room } = sum;
  // What is small, as an empty list, comes with each answer.
  sum.take({ ...data, parts: [], boards: { ...data.boards }, total_scale: 4 });
  assert.equal(sum.room, room);
});

test("whichever numbers come anew, the room follows them", () => {
  const data = scene();
  const { boards } = data;
  const changes = [
    [{ products: [[1, 200]] }, ({ characters }) => characters.product, 3],
    [{ parts: [[-300]] }, ({ characters }) => characters.part, 4],
    [{ row_sums: [[12.5]] }, ({ characters }) => characters.row, 4],
    [{ boards: { ...boards, input: { ...boards.input, texts: [["1/16"]] } } }, ({ characters }) => characters.left, 4],
    [{ tails: [[["text", "The sum is"]]] }, ({ tail }) => tail.shown, 0],
    [{ groups: [] }, ({ tail }) => tail.shown, 0],
  ];
  for (const [changed, measure, expected] of changes) {
    const sum = new SumView({});
    sum.take(data);
    assert.notEqual(measure(sum.room), expected);
    sum.take({ ...data, ...changed });
    assert.equal(measure(sum.room), expected, Object.keys(changed)[0]);
  }
});
