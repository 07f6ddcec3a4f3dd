// Which pixel a pointer is on, and the colours of a drawing that is saved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chartColours } from "../../cnnlab/ui/components/lib/colours.js";
import { mix, toHex } from "../../cnnlab/ui/components/pictures/colours.js";
import { pixelOver } from "../../cnnlab/ui/components/pictures/pair.js";

const pair = (given) => ({ output_size: [10, 12], kernel_size: [3, 3], stride: 1, dilation: 1, ...given });

test("over the input, the output pixel is meant whose window has its middle there", () => {
  // The window of pixel (4, 7) covers rows 4 to 6 and columns 7 to 9: their middle is 5.5, 8.5.
  assert.deepEqual(pixelOver([5.5, 8.5], pair()), [4, 7]);
  assert.deepEqual(pixelOver([5.01, 8.99], pair()), [4, 7]);
  assert.deepEqual(pixelOver([6.01, 8.5], pair()), [5, 7]);
});

test("a stride puts the windows farther apart, dilation their middle farther away", () => {
  // With a stride of 2 windows begin at 0, 2, 4: that of pixel 2 has its middle at 5.5.
  assert.deepEqual(pixelOver([5.5, 5.5], pair({ stride: 2 })), [2, 2]);
  // Three cells with a dilation of 2 cover five pixels.
  assert.deepEqual(pixelOver([6.5, 2.5], pair({ dilation: 2 })), [4, 0]);
  assert.deepEqual(pixelOver([3.5, 8.5], pair({ kernel_size: [1, 5] })), [3, 6]);
});

test("beyond the last window, the last pixel is meant", () => {
  assert.deepEqual(pixelOver([0, 0], pair()), [0, 0]);
  assert.deepEqual(pixelOver([11.9, 13.9], pair()), [9, 11]);
  assert.deepEqual(pixelOver([-5, 99], pair()), [0, 11]);
});

test("a theme's colour is read however it is written, and nothing else is a colour", () => {
  assert.equal(toHex(" #1A2b3c "), "#1A2b3c");
  assert.equal(toHex("rgb(26, 43, 60)"), "#1a2b3c");
  assert.equal(toHex("rgba(0 255 5 / 0.5)"), "#00ff05");
  for (const other of [undefined, "", "red", "#123"]) assert.equal(toHex(other), undefined);
});

test("a share of a colour is mixed into the ground", () => {
  assert.equal(mix("#ff0000", "#ffffff", 1), "#ff0000");
  assert.equal(mix("#ff0000", "#ffffff", 0), "#ffffff");
  assert.equal(mix("#000000", "#ffffff", 0.5), "#808080");
  assert.equal(mix("#0000ff", "#001000", 0.25), "#000c40");
});

test("the theme's colours for charts are told apart whatever form they have", () => {
  const themed = (text) => {
    globalThis.getComputedStyle = () => ({ getPropertyValue: () => text });
    return chartColours({});
  };
  assert.deepEqual(themed(" #0068c9, #83c9ff,rgb(1, 2, 3) "), ["#0068c9", "#83c9ff", "rgb(1, 2, 3)"]);
  assert.deepEqual(themed(""), []);
});
