// A grid to draw on, the drawing after a shift, both as the vectors that an MLP reads, and a kernel's map of both.
// What is drawn shows at once; everything that follows from it comes from Python.

import { Outbox } from "../lib/outbox.js";
import { Facts, make, paintNumber, SVG, setText, shape } from "./dom.js";

const labs = new WeakMap();
const ONE_LINE = 620; // pixels that the vector needs to lie in one line
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class CellGrid {
  constructor(side, className, name) {
    this.name = make("figcaption", "", {}, [name]);
    this.grid = make("div", `grid ${className}`, {});
    this.grid.style.setProperty("--side", side);
    this.cells = Array.from({ length: side * side }, () => make("span", "pixel"));
    this.grid.append(...this.cells);
    this.element = make("figure", "", {}, [this.name, this.grid]);
  }
}

class Painter {
  constructor(root, { words, side }) {
    Object.assign(this, { root, words, side, cursor: Math.floor(side / 2) * (side + 1), stroke: null });
    this.outbox = new Outbox();
    this.before = new CellGrid(side, "paint", words.before);
    this.after = new CellGrid(side, "shifted", words.after);
    this.maps = words.maps.map((name) => new CellGrid(side, "map", name));
    this.told = make("span", "told", { role: "status" });
    this.buttons = Object.keys(MOVES).map((key) => this.#mover(key));
    this.home = make("button", "tool wide", { type: "button" }, [words.home]);
    this.home.addEventListener("click", () => this.#shift(null));
    this.facts = [new Facts(), new Facts()];
    this.strips = make("div", "strips", { role: "img" });
    const sides = words.sides.map((name, which) =>
      make("section", "card", {}, [make("h3", "", {}, [name]), this.facts[which].element]),
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
    this.observer = new ResizeObserver(() => this.data && this.#drawStrips());
    this.observer.observe(this.strips);
  }

  #mover(key) {
    const button = make("button", "tool", { type: "button", "aria-label": this.words[key], title: this.words[key] }, [
      { ArrowUp: "▲", ArrowDown: "▼", ArrowLeft: "◀", ArrowRight: "▶" }[key],
    ]);
    button.addEventListener("click", () => this.#shift(MOVES[key]));
    return button;
  }

  #listen() {
    const { grid } = this.before;
    for (const [name, value] of [
      ["tabindex", 0],
      ["role", "application"],
      ["aria-label", this.words.paint],
    ])
      grid.setAttribute(name, value);
    const at = (event) => {
      const box = grid.getBoundingClientRect();
      const along = (place, size) => Math.max(0, Math.min(this.side - 1, Math.floor((place / size) * this.side)));
      return [along(event.clientY - box.top, box.height), along(event.clientX - box.left, box.width)];
    };
    grid.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault(); // no text is selected, no picture dragged
      grid.focus({ preventScroll: true });
      grid.setPointerCapture(event.pointerId);
      const place = at(event);
      this.stroke = { value: 1 - this.values[this.#index(place)], last: place };
      this.#paintTo(place);
    });
    grid.addEventListener("pointermove", (event) => this.stroke && this.#paintTo(at(event)));
    for (const end of ["pointerup", "pointercancel"]) {
      grid.addEventListener(end, () => {
        if (!this.stroke) return;
        this.stroke = null;
        this.#tell();
      });
    }
    grid.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key in MOVES) {
        if (event.shiftKey) this.#shift(MOVES[event.key]);
        else this.#moveCursor(MOVES[event.key]);
      } else if (event.key === " " || event.key === "Enter") {
        this.values[this.cursor] = 1 - this.values[this.cursor];
        this.#tell();
      } else return;
      event.preventDefault();
      this.#drawGrid();
    });
  }

  #index([row, column]) {
    return row * this.side + column;
  }

  // All cells on the way: a quick hand skips some between two events.
  #paintTo(place) {
    const { last, value } = this.stroke;
    const steps = Math.max(1, Math.abs(place[0] - last[0]), Math.abs(place[1] - last[1]));
    for (let step = 0; step <= steps; step++) {
      const between = place.map((end, axis) => Math.round(last[axis] + ((end - last[axis]) * step) / steps));
      this.values[this.#index(between)] = value;
    }
    this.stroke.last = place;
    this.cursor = this.#index(place);
    this.#drawGrid();
  }

  #moveCursor([down, across]) {
    const [row, column] = [Math.floor(this.cursor / this.side) + down, (this.cursor % this.side) + across];
    const within = (value) => Math.max(0, Math.min(value, this.side - 1));
    this.cursor = this.#index([within(row), within(column)]);
  }

  #shift(by) {
    const furthest = this.side - 1;
    this.moved = by
      ? this.moved.map((places, axis) => Math.max(-furthest, Math.min(furthest, places + by[axis])))
      : [0, 0];
    this.#tell();
  }

  #tell() {
    this.outbox.post("drawing", { revision: this.data.revision, cells: this.values.join(""), shift: this.moved });
  }

  update(data, send) {
    this.outbox.send = send;
    if (!this.data || data.revision !== this.data.revision) {
      this.values = [...data.before].map(Number);
      this.moved = [...data.shift];
      this.stroke = null;
    }
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
      cell.classList.toggle("on", this.values[index] === 1);
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
      const svg = document.createElementNS(SVG, "svg");
      for (const [name, value] of Object.entries({ width, height: 46, class: "strip" })) svg.setAttribute(name, value);
      const from = line * each;
      [
        [before, 2, "on"],
        [after, 26, "on"],
      ].forEach(([bits, y, name]) => {
        shape(svg, "rect", { x: 0, y, width, height: 18, class: "ground" });
        for (let place = 0; place < each; place++) {
          const index = from + place;
          if (bits[index] !== "1") continue;
          const kept = !this.data.hidden && same[index] === "1";
          shape(svg, "rect", {
            x: place * cell,
            y,
            width: Math.max(1, cell - 0.6),
            height: 18,
            class: kept ? "on same" : name,
          });
        }
      });
      for (let place = 0; place <= each; place += this.side) {
        shape(svg, "path", { d: `M${Math.min(place * cell, width - 0.5)} 2v42`, class: "row-end" });
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

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".mount");
  if (!labs.has(root)) labs.set(root, new Painter(root, data));
  const lab = labs.get(root);
  lab.update(data, setStateValue);
  return () => {
    lab.close();
    labs.delete(root);
  };
}
