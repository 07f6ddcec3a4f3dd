// What lies under a pointer, and the paths that points make.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPath, firstFrom, heightAt, linePath, nearest, seen } from "../../cnnlab/ui/components/curves/reading.js";

const same = (/** @type {number} */ value) => value;

test("the first that is not below a value is found", () => {
  assert.deepEqual(
    [0, 2, 3, 4, 5].map((value) => firstFrom([2, 4], value)),
    [0, 0, 1, 1, 2],
  );
  assert.equal(firstFrom([], 1), 0);
});

test("the nearest point is read, the later one where two are as near", () => {
  const steps = [10, 20, 40];
  assert.deepEqual(
    [0, 10, 14, 15, 29, 31, 40].map((step) => nearest(steps, step)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test("what is still to come cannot be read", () => {
  assert.equal(nearest([10, 20], 22), 1);
  assert.equal(nearest([10, 20], 22.1), -1);
  assert.equal(nearest([], 0), -1);
  assert.equal(heightAt({ x: [10, 20], y: [1, 2] }, 30), null);
  assert.equal(heightAt({ x: [], y: [] }, 0), null);
});

test("a gap has no height", () => {
  const line = { x: [1, 2, 3], y: [1, NaN, 3] };
  assert.deepEqual(
    [1, 2, 3].map((x) => heightAt(line, x)),
    [1, null, 3],
  );
});

test("what is seen has its neighbours with it", () => {
  assert.deepEqual([...seen([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], [2.5, 3.5])], [20, 30, 40]);
  assert.deepEqual([...seen([1, 2], [10, 20], [0, 9])], [10, 20]);
  assert.deepEqual([...seen([], [], [0, 1])], []);
});

test("a path breaks at gaps and where there is no logarithm", () => {
  assert.equal(linePath({ x: [1, 2, 3, 4], y: [1, NaN, 3, 4] }, same, same), "M1.0 1.0M3.0 3.0L4.0 4.0");
  assert.equal(linePath({ x: [1, 2], y: [0, 10] }, same, Math.log10), "M2.0 1.0");
  assert.equal(linePath({ x: [], y: [] }, same, same), "");
});

test("a band goes along above and back below", () => {
  assert.equal(bandPath([1, 2], [0, 1], [3, 4], same, same), "M1.0 3.0L2.0 4.0L2.0 1.0L1.0 0.0Z");
  assert.equal(bandPath([1, 2, 3], [0, NaN, 1], [3, 4, 5], same, same), "M1.0 3.0L3.0 5.0L3.0 1.0L1.0 0.0Z");
  assert.equal(bandPath([1], [0], [1], same, same), "");
});
