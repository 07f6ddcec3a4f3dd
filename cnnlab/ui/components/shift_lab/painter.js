// A grid to draw on, the drawing after a shift, both as the vectors that an MLP reads, and a kernel's map of both.
// What is drawn shows at once; everything that follows from it comes from Python.

import { component } from "../lib/component.js";
import { buttonOf, drawing, make, setText } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { Facts, paintNumber } from "./facts.js";

/** @import { Move } from "../lib/keys.js" */
/** @import { Send } from "../lib/outbox.js" */
/** @import { PainterData } from "./types.d.ts" */
/** @typedef {[row: number, column: number]} Place */

const ONE_LINE = 620; // pixels that the vector needs to lie in one line
const SIGNS = /** @type {const} */ ([
  ["ArrowUp", "▲"],
  ["ArrowDown", "▼"],
  ["ArrowLeft", "◀"],
  ["ArrowRight", "▶"],
]);

class CellGrid {
  /**
   * @param {number} side
   * @param {string} className
   * @param {string} name
   */
  constructor(side, className, name) {
    this.name = make("figcaption", "", {}, [name]);
    this.grid = make("div", `grid ${className}`, {});
    this.grid.style.setProperty("--side", String(side));
    this.cells = Array.from({ length: side * side }, () => make("span", "pixel"));
    this.grid.append(...this.cells);
    this.element = make("figure", "", {}, [this.name, this.grid]);
  }
}

class Painter {
  /** @type {number | null} */
  #revision = null;
  /** @type {number[]} 0 or 1, row by row */
  #values = [];
  /** @type {Place} how far the drawing is shifted */
  #moved = [0, 0];
  /** @type {{ value: number, last: Place } | null} what a pointer is drawing */
  #stroke = null;

  /**
   * @param {HTMLElement} root
   * @param {PainterData} data
   */
  constructor(root, data) {
    const { words, side } = data;
    this.root = root;
    this.data = data;
    this.words = words;
    this.side = side;
    this.cursor = Math.floor(side / 2) * (side + 1);
    this.outbox = new Outbox();
    this.before = new CellGrid(side, "paint", words.before);
    this.after = new CellGrid(side, "shifted", words.after);
    this.maps = words.maps.map((name) => new CellGrid(side, "map", name));
    this.told = make("span", "told", { role: "status" });
    this.buttons = SIGNS.map(([key, sign]) => {
      const attributes = { "aria-label": words[key], title: words[key] };
      return buttonOf(sign, () => this.#shift(arrow(key)), "tool", attributes);
    });
    this.home = buttonOf(words.home, () => this.#shift(), "tool wide");
    this.facts = [new Facts(), new Facts()];
    this.strips = make("div", "strips", { role: "img" });
    const sides = words.sides.map((name, which) =>
      make("section", "card", {}, [make("h2", "", {}, [name]), this.facts[which].element]),
    );
    root.replaceChildren(
      make("div", "moves", { role: "group", "aria-label": words.move }, [
        make("span", "quiet", {}, [words.move]),
        ...this.buttons,
        this.home,
        this.told,
      ]),
      make(
        "div",
        "pictures",
        {},
        [this.before, this.after, ...this.maps].map((each) => each.element),
      ),
      make("section", "vectors", {}, [make("p", "quiet", {}, [words.vector]), this.strips]),
      make("div", "sides", {}, sides),
    );
    this.#listen();
    this.observer = new ResizeObserver(() => this.#drawStrips());
    this.observer.observe(this.strips);
  }

  #listen() {
    const { grid } = this.before;
    grid.tabIndex = 0;
    grid.setAttribute("role", "application");
    grid.setAttribute("aria-label", this.words.paint);
    /** @type {(event: PointerEvent) => Place} */
    const at = (event) => {
      const box = grid.getBoundingClientRect();
      const along = (/** @type {number} */ place, /** @type {number} */ size) =>
        this.#within(Math.floor((place / size) * this.side));
      return [along(event.clientY - box.top, box.height), along(event.clientX - box.left, box.width)];
    };
    grid.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault(); // no text is selected, no picture dragged
      grid.focus({ preventScroll: true });
      grid.setPointerCapture(event.pointerId);
      const place = at(event);
      this.#stroke = { value: 1 - this.#values[this.#index(place)], last: place };
      this.#paintTo(place);
    });
    grid.addEventListener("pointermove", (event) => this.#stroke && this.#paintTo(at(event)));
    for (const end of ["pointerup", "pointercancel"]) {
      grid.addEventListener(end, () => {
        if (!this.#stroke) return;
        this.#stroke = null;
        this.#tell();
      });
    }
    grid.addEventListener("keydown", (event) => {
      if (isShortcut(event)) return;
      const move = arrow(event.key);
      if (move) {
        if (event.shiftKey) this.#shift(move);
        else this.#moveCursor(move);
      } else if (event.key === " " || event.key === "Enter") {
        this.#values[this.cursor] = 1 - this.#values[this.cursor];
        this.#tell();
      } else return;
      event.preventDefault();
      this.#drawGrid();
    });
  }

  /** @param {Place} place */
  #index([row, column]) {
    return row * this.side + column;
  }

  /** @param {number} place */
  #within(place) {
    return clamp(place, 0, this.side - 1);
  }

  /**
   * All cells on the way: a quick hand skips some between two events.
   *
   * @param {Place} place
   */
  #paintTo(place) {
    if (this.#stroke === null) return;
    const { last, value } = this.#stroke;
    const steps = Math.max(1, Math.abs(place[0] - last[0]), Math.abs(place[1] - last[1]));
    for (let step = 0; step <= steps; step++) {
      const between = (/** @type {0 | 1} */ axis) =>
        Math.round(last[axis] + ((place[axis] - last[axis]) * step) / steps);
      this.#values[this.#index([between(0), between(1)])] = value;
    }
    this.#stroke.last = place;
    this.cursor = this.#index(place);
    this.#drawGrid();
  }

  /** @param {Move} move */
  #moveCursor([down, across]) {
    const [row, column] = [Math.floor(this.cursor / this.side) + down, (this.cursor % this.side) + across];
    this.cursor = this.#index([this.#within(row), this.#within(column)]);
  }

  /** @param {Move} [by] where to; none leads back */
  #shift(by) {
    const furthest = this.side - 1;
    const along = (/** @type {0 | 1} */ axis) => (by ? clamp(this.#moved[axis] + by[axis], -furthest, furthest) : 0);
    this.#moved = [along(0), along(1)];
    this.#tell();
  }

  #tell() {
    this.outbox.post("drawing", { revision: this.#revision, cells: this.#values.join(""), shift: this.#moved });
  }

  /**
   * @param {PainterData} data
   * @param {Send} send
   */
  update(data, send) {
    this.outbox.send = send;
    if (data.revision !== this.#revision) {
      this.#values = [...data.before].map(Number);
      this.#moved = [...data.shift];
      this.#stroke = null;
    }
    this.#revision = data.revision;
    this.data = data;
    this.#drawGrid();
    this.after.cells.forEach((cell, index) => {
      cell.classList.toggle("on", data.after[index] === "1");
      cell.classList.toggle("same", data.same[index] === "1");
    });
    data.maps.forEach((map, which) => {
      this.maps[which].cells.forEach((cell, index) => {
        paintNumber(cell, { text: map.texts[index], share: map.shares[index] });
        cell.classList.toggle("peak", map.peaks[index] === "1");
      });
    });
    this.root.classList.toggle("hidden", data.hidden);
    setText(this.told, data.told);
    this.facts.forEach((facts, index) => facts.take(data.facts[index]));
    this.strips.setAttribute("aria-label", data.facts[0].sentence);
    this.#drawStrips();
    this.outbox.answered(data.answered);
  }

  #drawGrid() {
    this.before.cells.forEach((cell, index) => {
      cell.classList.toggle("on", this.#values[index] === 1);
      cell.classList.toggle("cursor", index === this.cursor);
    });
  }

  // Both vectors, one above the other, cut into several lines where there is no room for one.
  #drawStrips() {
    const { before, after, same } = this.data;
    const width = this.strips.clientWidth;
    if (!width) return;
    const lines = width >= ONE_LINE ? 1 : 3;
    const each = before.length / lines;
    const cell = width / each;
    const parts = [];
    for (let line = 0; line < lines; line++) {
      const svg = drawing("svg", { width, height: 46, class: "strip" });
      const from = line * each;
      for (const [bits, y] of /** @type {const} */ ([
        [before, 2],
        [after, 26],
      ])) {
        svg.append(drawing("rect", { x: 0, y, width, height: 18, class: "ground" }));
        for (let place = 0; place < each; place++) {
          const index = from + place;
          if (bits[index] !== "1") continue;
          const kept = !this.data.hidden && same[index] === "1";
          const box = { x: place * cell, y, width: Math.max(1, cell - 0.6), height: 18 };
          svg.append(drawing("rect", { ...box, class: kept ? "on same" : "on" }));
        }
      }
      for (let place = 0; place <= each; place += this.side) {
        svg.append(drawing("path", { d: `M${Math.min(place * cell, width - 0.5)} 2v42`, class: "row-end" }));
      }
      parts.push(svg);
    }
    this.strips.replaceChildren(...parts);
  }

  close() {
    this.observer.disconnect();
    this.outbox.close();
  }
}

export default component(".mount", (root, /** @type {PainterData} */ data) => new Painter(root, data));
