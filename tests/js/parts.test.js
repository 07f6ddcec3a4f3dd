// What Python sends in parts is put together again, as long as the parts are still here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../../cnnlab/ui/components/lib/parts.js";

// As Python writes it: the length of the JSON, the JSON, the numbers.
function written({ plain = {}, news = {}, held = {} }, numbers = []) {
  const said = new TextEncoder().encode(JSON.stringify({ plain, new: news, held }));
  const bytes = new Uint8Array(4 + said.length + numbers.length);
  new DataView(bytes.buffer).setUint32(0, said.length, true);
  bytes.set(said, 4);
  bytes.set(numbers, 4 + said.length);
  return bytes;
}

test("a part that came before is found by its mark", () => {
  const first = open(written({ plain: { step: 3 }, news: { words: ["w1", 0, { hello: "world" }] } }));
  assert.deepEqual(first.whole, { data: { step: 3, words: { hello: "world" } }, marks: ["w1"] });
  const next = open(written({ plain: { step: 4 }, held: { words: "w1" } }));
  assert.deepEqual(next.whole, { data: { step: 4, words: { hello: "world" } }, marks: ["w1"] });
});

test("without a part there is no whole, and what is plain is read all the same", () => {
  const sent = open(written({ plain: { answered: 7 }, held: { words: "never sent" } }));
  assert.equal(sent.whole, null);
  assert.equal(sent.plain.answered, 7);
});

test("numbers lie behind the JSON, row by row in as many bytes as the row needs: whole ones, hundredths, and none", () => {
  const numbers = [1, 1, 2, 2, 0xff, 0xff, 0x00, 0x80, 2, 0xd7, 0x00, 0xa6, 0xff];
  const { whole } = open(
    written(
      {
        news: {
          bytes: ["m1", 0, { values: { $packed: [0, 0, 2, 2] } }],
          hundredths: ["m2", 8, { $packed: [0, 2, 2] }],
        },
      },
      numbers,
    ),
  );
  assert.deepEqual(whole.data.bytes, {
    values: [
      [1, 2],
      [-1, null],
    ],
  });
  assert.deepEqual(whole.data.hundredths, [2.15, -0.9]);
});

test("a float of four bytes is the number of seven digits that it stands for", () => {
  const float = new Uint8Array(new Float32Array([23.60553857, Number.NaN]).buffer);
  const { whole } = open(written({ news: { loss: ["m3", 0, { $packed: [0, -4, 2] }] } }, [...float]));
  assert.deepEqual(whole.data.loss, [23.60554, null]);
});

test("a column keeps all the bits of its numbers, and its gaps, wherever it begins", () => {
  const four = Float32Array.of(0.1, Number.NaN, 2.7123456, 1e30);
  const eight = Float64Array.of(0.1, Number.NaN, Math.PI);
  const numbers = [7, ...new Uint8Array(four.buffer), ...new Uint8Array(eight.buffer)];
  const { plain } = open(
    written(
      {
        plain: {
          loss: { $column: [1, "f4", 4] },
          rate: { $column: [17, "f8", 3] },
          nothing: { $column: [0, "u4", 0] },
        },
      },
      numbers,
    ),
  );
  assert.deepEqual(plain, { loss: four, rate: eight, nothing: new Uint32Array() });
});

test("a column of numbers equally far apart ends with the last one", () => {
  const { whole } = open(
    written({ news: { steps: ["m6", 0, [{ $every: [0, 1, 3] }, { $every: [4, 4, 13] }, { $every: [4, 4, 12] }]] } }),
  );
  assert.deepEqual(
    whole.data.steps.map((/** @type {Uint32Array} */ steps) => [...steps]),
    [
      [0, 1, 2, 3],
      [4, 8, 12, 13],
      [4, 8, 12],
    ],
  );
});

test("lines that begin and end alike are whole again", () => {
  const titles = { $lines: ["after ", ": added up", ["0 steps", "1 step", ""]] };
  const { whole } = open(written({ news: { titles: ["m5", 0, titles] } }));
  assert.deepEqual(whole.data.titles, ["after 0 steps: added up", "after 1 step: added up", "after : added up"]);
});

test("what is called like an array is none", () => {
  const error = { row: 0, column: 1, lines: 2, every: 3, packed: 4 };
  assert.deepEqual(open(written({ news: { errors: ["m7", 0, [error]] } })).whole.data.errors, [error]);
});

test("bytes that begin within a larger buffer are read where they begin", () => {
  const bytes = written({ news: { cells: ["m4", 0, { $packed: [0, 0, 3] }] } }, [1, 5, 6, 7]);
  const larger = new Uint8Array(bytes.length + 9);
  larger.set(bytes, 9);
  assert.deepEqual(open(larger.subarray(9)).whole.data.cells, [5, 6, 7]);
});

test("what has not been drawn for longest goes first", () => {
  open(written({ news: { old: ["old", 0, "a"], used: ["used", 0, "b"] } }));
  for (let each = 0; each < 399; each += 1) {
    open(written({ news: { part: [`part ${each}`, 0, each] }, held: { used: "used" } }));
  }
  assert.equal(open(written({ held: { old: "old" } })).whole, null);
  assert.equal(open(written({ held: { used: "used" } })).whole.data.used, "b");
});
