// What Python sends of a chart, and what is made of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf } from "../../cnnlab/ui/components/curves/kernels.js";
import { smoothed } from "../../cnnlab/ui/components/curves/smoothing.js";
import { received, unpacked } from "../../cnnlab/ui/components/curves/wire.js";

/**
 * @param {Float32Array | Float64Array} numbers
 * @returns {import("../../cnnlab/ui/components/curves/wire.js").Column}
 */
function packed(numbers) {
  const kind = numbers instanceof Float32Array ? "f4" : "f8";
  return [kind, Buffer.from(numbers.buffer).toString("base64")];
}

test("packed numbers keep all their digits, and gaps", () => {
  for (const numbers of [new Float32Array([0.1, NaN, 2.7123456, 1e30]), new Float64Array([0.1, NaN, Math.PI])])
    assert.deepEqual(unpacked(packed(numbers)), numbers);
  assert.equal(unpacked(["u4", ""]).length, 0);
});

test("steps every so many end with the last one", () => {
  assert.deepEqual([...unpacked(["every", 1, 4])], [1, 2, 3, 4]);
  assert.deepEqual([...unpacked(["every", 4, 13])], [4, 8, 12, 13]);
  assert.deepEqual([...unpacked(["every", 4, 12])], [4, 8, 12]);
});

test("a series that is another's, smoothed, has its steps and its own heights", () => {
  const chart = {
    key: "loss",
    x: { name: "step" },
    y: { name: "Loss" },
    marks: [],
    series: [
      { key: "raw", name: "each step", colour: 0, x: column("every", 1, 3), y: packed(new Float32Array([1, 1, 4])) },
      { key: "train", name: "smoothed", colour: 0, of: "raw" },
    ],
  };
  const [raw, train] = received(chart).over(2);
  assert.deepEqual([...raw.y], [1, 1, 4]);
  assert.deepEqual([...train.x], [1, 2, 3]);
  assert.deepEqual([...train.y], [1, 1, 2.375 / 0.875]);
  assert.deepEqual([...received(chart).over(1)[1].y], [1, 1, 4]);
});

/**
 * @param {"every"} every
 * @param {number} stride
 * @param {number} last
 * @returns {import("../../cnnlab/ui/components/curves/wire.js").Column}
 */
function column(every, stride, last) {
  return [every, stride, last];
}

test("smoothing starts without a lag and keeps gaps", () => {
  assert.deepEqual(
    [...smoothed([2, 2, 2], [1, 2, 3], 20)].map((value) => Number(value.toFixed(12))),
    [2, 2, 2],
  );
  assert.deepEqual([...smoothed([1, NaN, 3], [1, 2, 3], 2)], [1, NaN, (0.125 * 1 + 0.5 * 3) / 0.625]);
  assert.deepEqual([...smoothed([], [], 5)], []);
});

test("a group counts as its steps would one by one", () => {
  const alone = smoothed([5, 5, 5, 1, 1], [1, 2, 3, 4, 5], 4);
  const grouped = smoothed([5, 1], [3, 5], 4);
  assert.ok(Math.abs(grouped[0] - alone[2]) < 1e-12);
  assert.ok(Math.abs(grouped[1] - alone[4]) < 1e-12);
});

test("grey is 0, and a kernel that does not read three channels is shown by its first", () => {
  assert.deepEqual([...coloursOf([0, 2, -2], 3, 2)], [128, 255, 0, 255]);
  assert.deepEqual([...coloursOf([1, 9], 2, 2)], [191, 191, 191, 255]);
});
