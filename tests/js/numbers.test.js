// How numbers are written where there is little room, and kept within bounds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, fullNumber, largest, shortNumber } from "../../cnnlab/ui/components/lib/numbers.js";

const SHORT = [
  [48_000, 4, "48k"],
  [12_345, 4, "12k"],
  [12_345.5, 6, "12.35k"],
  [120.25, 5, "120.3"],
  [-30.125, 5, "−30.1"],
  [-0.125, 5, "−.125"],
  [999.9999, 5, "1000"],
  [999.9999, 3, "1k"],
  [999_999.9999, 8, "1.00M"],
  [999_999.9999, 5, "1.00M"],
  [999_999.9999, 4, "1.0M"],
  [999_600, 4, "1M"],
  [-999_999_999.5, 5, "−1.0G"],
  [2_500_000_000, 4, "2.5G"],
  [999_999_999_999, 5, "1e12"],
  [-1e15, 5, "−1e15"],
  [1.25e15, 7, "1.25e15"],
  [-0.0004, 3, "≈0"],
  [0.125, 4, ".125"],
];

for (const [number, room, text] of SHORT) {
  test(`${number} in ${room} characters is ${text}: it is rounded before its unit is chosen`, () => {
    assert.equal(shortNumber(number, room), text);
  });
}

test("a number that fits is written in full", () => {
  assert.equal(shortNumber(-12.5, 5), "−12.5");
  assert.equal(shortNumber(0, 1), "0");
});

test("no text is longer than its room where the number can be told in it", () => {
  for (const size of [0.001, 0.25, Math.PI, 47.11, 999.4, 1234.5, 54_321, 9_999_999, 2.5e8, 7.77e11]) {
    for (const number of [size, -size]) {
      for (let room = 5; room <= 8; room += 1) {
        const text = shortNumber(number, room);
        assert.ok(text.length <= room, `${number} in ${room}: ${text}`);
      }
    }
  }
});

test("the noise in a float's last digits is not shown", () => {
  assert.equal(fullNumber(0.1 + 0.2), "0.3");
  assert.equal(fullNumber(-1 / 3), "−0.3333333333");
  assert.equal(fullNumber(1e21), "1e+21");
});

test("a value is kept between its bounds, and the upper one wins where they cross", () => {
  assert.equal(clamp(5, 0, 3), 3);
  assert.equal(clamp(-1, 0, 3), 0);
  assert.equal(clamp(-Infinity, 0, 3), 0);
  assert.equal(clamp(2, 0, -1), -1);
});

test("the largest number counts whatever its sign, and nothing has 0", () => {
  assert.equal(largest([1, -7, 3]), 7);
  assert.equal(largest([]), 0);
  assert.equal(largest(new Set([0.5])), 0.5);
});
