// Where values lie, which have a number, and how it looks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, readText, scaleOf, ticks, tickTexts } from "../../cnnlab/ui/components/curves/scale.js";

const LOSS = { name: "Loss" };
/** @type {import("../../cnnlab/ui/components/curves/scale.js").Axis} */
const ACCURACY = { name: "Validation accuracy", percent: true, whole: [0, 1] };
const RATE = { name: "Learning rate", from_zero: true };

/** @param {number[]} values */
function rounded(values) {
  return values.map((value) => Number(value.toPrecision(12)));
}

test("a value has its place, and the place its value", () => {
  const even = scaleOf([0, 50], [40, 240]);
  assert.equal(even.place(25), 140);
  assert.equal(even.value(140), 25);
  const down = scaleOf([0, 1], [100, 20]);
  assert.equal(down.place(0.25), 80);
  assert.equal(down.value(80), 0.25);
});

test("equal ratios are equally far on a logarithmic scale", () => {
  const decades = scaleOf([0.01, 100], [200, 0], true);
  assert.deepEqual([0.01, 0.1, 1, 10, 100].map(decades.place), [200, 150, 100, 50, 0]);
  assert.ok(Math.abs(decades.value(150) - 0.1) < 1e-12);
  assert.equal(Number.isFinite(decades.place(0)), false);
  assert.equal(Number.isFinite(decades.place(-1)), false);
});

test("a place beyond the ends is the end", () => {
  const scale = scaleOf([0, 50], [40, 240]);
  assert.deepEqual([-10, 1000].map(scale.value), [0, 50]);
});

test("a scale of one value has a place for it", () => {
  assert.equal(scaleOf([3, 3], [0, 100]).place(3), 0);
});

test("what is drawn has a little room below and above", () => {
  assert.deepEqual(rounded(extent(LOSS, [2, 3, NaN])), [1.95, 3.05]);
  assert.deepEqual(rounded(extent(LOSS, [-1, 1])), [-1.1, 1.1]);
  assert.deepEqual(rounded(extent(LOSS, [2])), [1.8, 2.2]);
  assert.deepEqual(extent(LOSS, [0]), [-1, 1]);
  assert.deepEqual(extent(LOSS, []), [0, 1]);
});

test("a logarithmic axis leaves out what has no logarithm", () => {
  assert.deepEqual(rounded(extent(LOSS, [0, -1, NaN, 1.1, 10], true)), [1, 11]);
  assert.deepEqual(extent(LOSS, [0], true), [0.1, 10]);
});

test("an accuracy is never below 0% nor above 100%, not even where it was looked at once", () => {
  assert.deepEqual(extent(ACCURACY, [0.2]), [0, 1]);
  assert.deepEqual(extent(ACCURACY, [0.2, 0.2]), [0, 1]);
  assert.deepEqual(extent(ACCURACY, []), [0, 1]);
  const [low, high] = extent(ACCURACY, [0.01, 0.99]);
  assert.equal(low, 0);
  assert.equal(high, 1);
  assert.deepEqual(rounded(extent(ACCURACY, [0.4, 0.6])), [0.39, 0.61]);
});

test("a learning rate is measured from 0, also where it is known once", () => {
  assert.deepEqual(rounded(extent(RATE, [0.05])), [0, 0.0525]);
  assert.deepEqual(rounded(extent(RATE, [0.02, 0.04])), [0, 0.042]);
});

test("a fixed axis shows all of it, whatever is drawn", () => {
  assert.deepEqual(extent({ ...ACCURACY, fixed: true }, [0.4, 0.6]), [0, 1]);
});

test("even ticks are multiples of 1, 2 or 5, and at most as many as there is room for", () => {
  assert.deepEqual(ticks([0, 100], 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(rounded(ticks([1.95, 3.05], 4)), [2, 2.5, 3]);
  assert.deepEqual(rounded(ticks([-0.25, 0.25], 5)), [-0.2, -0.1, 0, 0.1, 0.2]);
});

test("there are two ticks at least, so that their distance is told", () => {
  for (const [low, high] of [
    [9.9, 13.6],
    [0.101, 0.135],
    [0, 0.0093],
    [2.299, 2.301],
  ])
    for (const count of [1, 2, 3, 8]) {
      const found = ticks([low, high], count);
      assert.ok(found.length >= 2, `${low} to ${high}, ${count}`);
      assert.ok(found.every((value) => value >= low - 1e-9 && value <= high + 1e-9));
    }
  assert.deepEqual(ticks([4, 4], 3), [4]);
});

test("ticks gather no error of floats", () => {
  assert.deepEqual(tickTexts(ticks([0, 1], 10), LOSS, [0, 1]), [
    ..."0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1".split(" "),
  ]);
});

test("logarithmic ticks are 1, 2 and 5 where there is room, else powers of ten, evenly", () => {
  assert.deepEqual(ticks([0.1, 5], 14, true), [0.1, 0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(ticks([1e-3, 100], 6, true), [1e-3, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(ticks([1e-12, 100], 5, true), [1e-12, 1e-9, 1e-6, 1e-3, 1]);
  assert.deepEqual(rounded(ticks([2.1, 2.4], 14, true)), [2.1, 2.2, 2.3, 2.4]);
});

test("numbers at an axis are short, and all in one notation", () => {
  const texts = (/** @type {[number, number]} */ range, isLog = false) =>
    tickTexts(ticks(range, 4, isLog), { ...LOSS, log: isLog }, range);
  assert.deepEqual(texts([0, 0.2]), ["0", "0.05", "0.1", "0.15", "0.2"]);
  assert.deepEqual(texts([-0.5, 0.5]), ["−0.5", "0", "0.5"]);
  assert.deepEqual(texts([0, 8000]), ["0", "2000", "4000", "6000", "8000"]);
  assert.deepEqual(texts([0, 20_000]), ["0", "5k", "10k", "15k", "20k"]);
  assert.deepEqual(texts([10_000, 10_200]), ["10k", "10.05k", "10.1k", "10.15k", "10.2k"]);
  assert.deepEqual(texts([0, 2_000_000]), ["0", "0.5M", "1M", "1.5M", "2M"]);
  assert.deepEqual(texts([0, 2e9]), ["0", "5e+8", "1e+9", "1.5e+9", "2e+9"]);
  assert.deepEqual(texts([0, 2e-4]), ["0", "1e−4", "2e−4"]);
});

test("numbers at a logarithmic axis are all plain or all with powers of ten", () => {
  const texts = (/** @type {[number, number]} */ range, /** @type {number} */ count) =>
    tickTexts(ticks(range, count, true), { ...LOSS, log: true }, range);
  assert.deepEqual(texts([0.1, 5], 14), ["0.1", "0.2", "0.5", "1", "2", "5"]);
  assert.deepEqual(texts([1e-3, 50_000], 8), ["0.001", "0.01", "0.1", "1", "10", "100", "1000", "10000"]);
  assert.deepEqual(texts([1, 1e9], 3), ["1e+0", "1e+3", "1e+6", "1e+9"]);
  assert.deepEqual(texts([1e-12, 100], 5), ["1e−12", "1e−9", "1e−6", "1e−3", "1e+0"]);
});

test("shares are percentages", () => {
  assert.deepEqual(tickTexts([0, 0.25, 1], ACCURACY, [0, 1]), ["0%", "25%", "100%"]);
});

test("a number that is read has four digits", () => {
  assert.deepEqual(
    [18.5, 2.71234, 0.00001234, 1.5e-12].map((value) => readText(value, LOSS)),
    ["18.5", "2.712", "1.234e−5", "1.5e−12"],
  );
  assert.equal(readText(0.2016, ACCURACY), "20.2%");
});
