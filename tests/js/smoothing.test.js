// What is made of the numbers of a chart and of a layer's kernels.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf } from "../../cnnlab/ui/components/curves/kernels.js";
import { overSpan, smoothed } from "../../cnnlab/ui/components/curves/smoothing.js";

test("a series that is another's, smoothed, has its steps and its own heights", () => {
  const series = [
    { key: "raw", name: "each step", colour: 0, x: Uint32Array.of(1, 2, 3), y: Float32Array.of(1, 1, 4) },
    { key: "train", name: "smoothed", colour: 0, of: "raw" },
  ];
  const [raw, train] = overSpan(series, 2);
  assert.deepEqual([...raw.y], [1, 1, 4]);
  assert.deepEqual([...train.x], [1, 2, 3]);
  assert.deepEqual([...train.y], [1, 1, 2.375 / 0.875]);
  assert.deepEqual([...overSpan(series, 1)[1].y], [1, 1, 4]);
});

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
