// Two rows of features that are switched by clicking, what they have in common, and a kernel's map of each.

import { component } from "../lib/component.js";
import { buttonOf, make, setText } from "../lib/dom.js";
import { arrow } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { fill } from "../lib/words.js";
import { Facts, paintNumber } from "./facts.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { Cell, RowsData } from "./types.d.ts" */

/**
 * A row that is switched by clicking.
 *
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {number[]} values
 * @property {HTMLButtonElement[]} buttons
 */

class FeatureRows {
  /** @type {number | null} */
  #revision = null;

  /**
   * @param {HTMLElement} root
   * @param {RowsData["words"]} words
   */
  constructor(root, words) {
    this.words = words;
    this.outbox = new Outbox();
    this.rows = [0, 1].map((index) => this.#editable(index));
    // For the eye: each button has its place in its own name.
    this.heads = make("div", "cells heads", { "aria-hidden": "true" });
    this.both = make("div", "cells");
    this.kernel = make("div", "cells");
    this.maps = [make("div", "cells"), make("div", "cells")];
    this.facts = [new Facts(), new Facts()];
    const moves = make("div", "moves", { role: "group", "aria-label": words.move }, [
      make("span", "quiet", {}, [words.move]),
      this.#mover("◀", -1),
      this.#mover("▶", 1),
    ]);
    const line = (/** @type {string} */ name, /** @type {HTMLElement} */ cells) =>
      make("div", "line", {}, [make("span", "name", {}, [name]), cells]);
    root.replaceChildren(
      make("section", "card vector", {}, [
        make("h2", "", {}, [words.vector]),
        line("", this.heads),
        line(words.rows[0], this.rows[0].element),
        line(words.rows[1], this.rows[1].element),
        moves,
        line(words.both, this.both),
        this.facts[0].element,
      ]),
      make("section", "card map", {}, [
        make("h2", "", {}, [words.map]),
        line(words.kernel, this.kernel),
        line(words.maps[0], this.maps[0]),
        line(words.maps[1], this.maps[1]),
        this.facts[1].element,
      ]),
    );
  }

  /**
   * @param {number} index
   * @returns {Row}
   */
  #editable(index) {
    const element = make("div", "cells", { role: "group", "aria-label": this.words.rows[index] });
    /** @type {Row} */
    const row = { element, values: [], buttons: [] };
    element.addEventListener("click", (event) => {
      const place = row.buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      if (place < 0) return;
      row.values[place] = 1 - row.values[place];
      this.#edited();
    });
    element.addEventListener("keydown", (event) => {
      const step = arrow(event.key)?.[1];
      const place = row.buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      if (!step || place < 0) return;
      event.preventDefault();
      row.buttons[clamp(place + step, 0, row.buttons.length - 1)].focus();
    });
    return row;
  }

  /**
   * @param {string} sign
   * @param {number} by
   */
  #mover(sign, by) {
    const move = () => {
      const { values } = this.rows[1];
      this.rows[1].values = values.map((_, place) => values[place - by] ?? 0);
      this.#edited();
    };
    return buttonOf(sign, move, "tool", { "aria-label": this.words[by < 0 ? "left" : "right"] });
  }

  #edited() {
    this.#drawRows();
    const [first, second] = this.rows.map((row) => row.values.join(""));
    this.outbox.post("edit", { revision: this.#revision, first, second });
  }

  /**
   * @param {RowsData} data
   * @param {Send} send
   */
  update(data, send) {
    this.outbox.send = send;
    if (data.revision !== this.#revision) {
      data.rows.forEach((values, index) => {
        this.rows[index].values = [...values];
      });
    }
    this.#revision = data.revision;
    this.#drawRows();
    this.#draw(this.both, data.both);
    this.#draw(this.kernel, data.kernel);
    this.maps.forEach((map, index) => this.#draw(map, data.maps[index]));
    this.facts.forEach((facts, index) => facts.take(data.facts[index]));
    this.outbox.answered(data.answered);
  }

  #drawRows() {
    for (let place = this.heads.children.length; place < this.rows[0].values.length; place++) {
      this.heads.append(make("span", "", {}, [fill(this.words.head, { place: place + 1 })]));
    }
    for (const row of this.rows) {
      row.values.forEach((value, place) => {
        if (!row.buttons[place]) {
          row.buttons[place] = make("button", "cell switch", { type: "button" });
          row.element.append(row.buttons[place]);
        }
        const button = row.buttons[place];
        setText(button, String(value));
        button.classList.toggle("on", value === 1);
        button.setAttribute("aria-label", fill(this.words.feature, { place: place + 1, value }));
        button.setAttribute("aria-pressed", String(value === 1));
      });
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {Cell[]} cells
   */
  #draw(element, cells) {
    while (element.children.length > cells.length) element.lastChild?.remove();
    while (element.children.length < cells.length) element.append(make("span", "cell"));
    cells.forEach((cell, index) => {
      const box = /** @type {HTMLElement} */ (element.children[index]);
      paintNumber(box, cell);
      box.classList.toggle("peak", Boolean(cell.peak));
    });
  }

  close() {
    this.outbox.close();
  }
}

export default component(".mount", (root, /** @type {RowsData} */ { words }) => new FeatureRows(root, words));
