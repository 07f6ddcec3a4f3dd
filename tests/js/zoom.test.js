// Which part of a run is looked at, and that it stays while the run grows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Zoom } from "../../cnnlab/ui/components/curves/zoom.js";

/** @param {number} end */
function zoomOf(end) {
  const zoom = new Zoom();
  zoom.whole = [0, end];
  return zoom;
}

test("at first the whole is looked at, however it grows", () => {
  const zoom = zoomOf(10);
  assert.deepEqual(zoom.range, [0, 10]);
  zoom.whole = [0, 500];
  assert.deepEqual(zoom.range, [0, 500]);
  assert.ok(zoom.isWhole);
});

test("a part that was chosen stays where it is while the whole grows", () => {
  const zoom = zoomOf(100);
  zoom.to([20, 60]);
  for (const end of [150, 1000, 40]) {
    zoom.whole = [0, end];
    assert.deepEqual(zoom.range, [20, 60]);
  }
  assert.equal(zoom.isWhole, false);
  zoom.all();
  assert.deepEqual(zoom.range, [0, 40]);
});

test("nothing beyond the whole is looked at, and all of it is the whole", () => {
  const zoom = zoomOf(100);
  zoom.to([-30, 60]);
  assert.deepEqual(zoom.range, [0, 60]);
  zoom.to([-5, 200]);
  assert.ok(zoom.isWhole);
});

test("what cannot be told apart is not looked at", () => {
  const zoom = zoomOf(100);
  zoom.to([20, 60]);
  zoom.to([30, 31]);
  assert.deepEqual(zoom.range, [20, 60]);
});

test("keys look closer around a place, and away from it again", () => {
  const zoom = zoomOf(100);
  zoom.around(0.5, 20);
  assert.deepEqual(zoom.range, [10, 60]);
  zoom.around(2, 20);
  assert.deepEqual(zoom.range, [0, 100]);
  assert.ok(zoom.isWhole);
});
