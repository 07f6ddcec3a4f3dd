// A component says what it holds, and asks for what it lacks.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Talk } from "../../cnnlab/ui/components/lib/talk.js";

let talk;
let sent;
let drawn;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  talk = new Talk();
  sent = [];
  drawn = [];
});

function take(parts) {
  const said = new TextEncoder().encode(JSON.stringify({ new: {}, held: {}, ...parts }));
  const bytes = new Uint8Array(4 + said.length);
  new DataView(bytes.buffer).setUint32(0, said.length, true);
  bytes.set(said, 4);
  return talk.take(
    bytes,
    (name, message) => sent.push([name, message]),
    (data) => drawn.push(data),
  );
}

test("every message says what is held, and which revision it is about", () => {
  take({ plain: { answered: 0, revision: 2 }, new: { words: ["talk 1", 0, "hello"] } });
  assert.deepEqual(drawn, [{ answered: 0, revision: 2, words: "hello" }]);
  talk.outbox.post("edit", { text: "7" });
  assert.deepEqual(sent, [["edit", { revision: 2, held: ["talk 1"], text: "7", message: 1 }]]);
});

test("a part that is missing is asked for, and nothing is drawn until it comes", () => {
  take({ plain: { answered: 4, revision: 0 }, held: { words: "talk, never sent" } });
  assert.deepEqual(drawn, []);
  assert.deepEqual(sent, [["lack", { revision: 0, held: [], message: 5 }]]);
  take({ plain: { answered: 5, revision: 0 }, new: { words: ["talk 2", 0, "hello again"] } });
  assert.equal(drawn[0].words, "hello again");
  assert.equal(sent.length, 1);
});

test("what was told waits until the part has come", () => {
  take({ plain: { answered: 0, revision: 0 }, new: { words: ["talk 3", 0, "hello"] } });
  talk.outbox.post("edit", { text: "7" });
  talk.outbox.post("place", { step: 2 });
  take({ plain: { answered: 1, revision: 0 }, held: { words: "talk, gone" } });
  assert.deepEqual(
    sent.map(([name]) => name),
    ["edit", "place"],
  );
  take({ plain: { answered: 2, revision: 0 }, held: { words: "talk 3" } });
  assert.equal(sent[2][0], "lack");
});

test("it is told when all that was said has been answered", () => {
  assert.equal(take({ plain: { answered: 0, revision: 0 } }), true);
  talk.outbox.post("edit", { text: "7" });
  assert.equal(take({ plain: { answered: 0, revision: 0 } }), false);
  assert.equal(take({ plain: { answered: 1, revision: 0 } }), true);
  assert.equal(take({ plain: { answered: 1, revision: 0 }, held: { words: "talk, lost" } }), false);
});
