// The window moves on one by one, until the last place or until somebody stops it.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import "./page.js";

const { Player } = await import("../../cnnlab/ui/components/map/player.js");

const MOVES = ["first", "back", "play", "forward", "last"];
const WORDS = Object.fromEntries([...MOVES, "pause"].map((name) => [name, `${name}!`]));
const LAST = 3;

let walk;
let player;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
  walk = {
    index: 0,
    isFixed: false,
    position: () => ({ index: walk.index, last: LAST, isFixed: walk.isFixed }),
    go: (index) => {
      walk.index = Math.max(0, Math.min(index, LAST));
      player.draw();
    },
  };
  player = new Player(walk);
  player.draw(WORDS);
});

function press(move) {
  player.buttons[MOVES.indexOf(move)].dispatch("click");
}

function disabled() {
  return MOVES.filter((_, place) => player.buttons[place].disabled);
}

function name() {
  return player.buttons[2].getAttribute("aria-label");
}

test("buttons step by one and jump to the ends, and rest where they lead nowhere", () => {
  assert.deepEqual(disabled(), ["first", "back"]);
  press("forward");
  assert.equal(walk.index, 1);
  assert.deepEqual(disabled(), []);
  press("last");
  assert.equal(walk.index, LAST);
  assert.deepEqual(disabled(), ["forward", "last"]);
  press("back");
  press("first");
  assert.equal(walk.index, 0);
});

test("it plays to the end and stops there", () => {
  press("play");
  assert.equal(name(), "pause!");
  mock.timers.tick(449);
  assert.equal(walk.index, 0);
  mock.timers.tick(1);
  assert.equal(walk.index, 1);
  mock.timers.tick(900);
  assert.equal(walk.index, LAST);
  assert.equal(name(), "play!");
  mock.timers.tick(5000);
  assert.equal(walk.index, LAST);
});

test("it begins anew from the end", () => {
  walk.index = LAST;
  press("play");
  assert.equal(walk.index, 0);
});

test("a step by hand stops it, and so does its own button", () => {
  press("play");
  mock.timers.tick(450);
  press("forward");
  mock.timers.tick(5000);
  assert.equal(walk.index, 2);
  press("play");
  press("play");
  mock.timers.tick(5000);
  assert.equal(walk.index, 2);
});

test("nothing can be pressed or played while the answer is hidden", () => {
  walk.isFixed = true;
  player.draw();
  assert.deepEqual(disabled(), MOVES);
  player.toggle();
  mock.timers.tick(5000);
  assert.equal(walk.index, 0);
});

test("it stops when the component has left the page", () => {
  press("play");
  player.buttons[0].isConnected = false;
  mock.timers.tick(5000);
  assert.equal(walk.index, 0);
});
