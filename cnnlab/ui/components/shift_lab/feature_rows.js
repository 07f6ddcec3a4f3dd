// Two rows of features that are switched by clicking, what they have in common, and a kernel's map of each.

import { Outbox } from "../lib/outbox.js";
import { fill } from "../lib/words.js";
import { Facts, make, paintNumber, setText } from "./dom.js";

const labs = new WeakMap();

class FeatureRows {
  constructor(root, words) {
    this.words = words;
    this.outbox = new Outbox();
    this.rows = [0, 1].map((index) => this.#editable(index));
    this.both = make("div", "cells");
    this.kernel = make("div", "cells");
    this.maps = [make("div", "cells"), make("div", "cells")];
    this.facts = [new Facts(), new Facts()];
    const moves = make("div", "moves", { role: "group", "aria-label": words.move }, [
      make("span", "quiet", {}, [words.move]),
      this.#mover("◀", -1),
      this.#mover("▶", 1),
    ]);
    const line = (name, cells) => make("div", "line", {}, [make("span", "name", {}, [name]), cells]);
    root.replaceChildren(
      make("section", "card vector", {}, [
        make("h3", "", {}, [words.vector]),
        line(words.rows[0], this.rows[0].element),
        line(words.rows[1], this.rows[1].element),
        moves,
        line(words.both, this.both),
        this.facts[0].element,
      ]),
      make("section", "card map", {}, [
        make("h3", "", {}, [words.map]),
        line(words.kernel, this.kernel),
        line(words.maps[0], this.maps[0]),
        line(words.maps[1], this.maps[1]),
        this.facts[1].element,
      ]),
    );
  }

  #editable(index) {
    const element = make("div", "cells", { role: "group", "aria-label": this.words.rows[index] });
    const row = { element, values: [], buttons: [] };
    element.addEventListener("click", (event) => {
      const place = row.buttons.indexOf(event.target);
      if (place < 0) return;
      row.values[place] = 1 - row.values[place];
      this.#edited();
    });
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const place = row.buttons.indexOf(event.target);
      if (!step || place < 0) return;
      event.preventDefault();
      row.buttons[Math.max(0, Math.min(place + step, row.buttons.length - 1))].focus();
    });
    return row;
  }

  #mover(sign, by) {
    const button = make("button", "tool", { type: "button", "aria-label": this.words[by < 0 ? "left" : "right"] }, [
      sign,
    ]);
    button.addEventListener("click", () => {
      const { values } = this.rows[1];
      this.rows[1].values = values.map((_, place) => values[place - by] ?? 0);
      this.#edited();
    });
    return button;
  }

  #edited() {
    this.#drawRows();
    const [first, second] = this.rows.map((row) => row.values.join(""));
    this.outbox.post("edit", { revision: this.data.revision, first, second });
  }

  update(data, send) {
    this.outbox.send = send;
    if (!this.data || data.revision !== this.data.revision) {
      data.rows.forEach((values, index) => (this.rows[index].values = [...values]));
    }
    this.data = data;
    this.#drawRows();
    for (const [element, cells] of [
      [this.both, data.both],
      [this.kernel, data.kernel],
      [this.maps[0], data.maps[0]],
      [this.maps[1], data.maps[1]],
    ]) {
      this.#draw(element, cells);
    }
    this.facts.forEach((facts, index) => facts.take(data.facts[index]));
    this.outbox.answered(data.answered);
  }

  #drawRows() {
    for (const row of this.rows) {
      row.values.forEach((value, place) => {
        if (!row.buttons[place]) {
          row.buttons[place] = make("button", "cell switch", { type: "button" });
          row.element.append(row.buttons[place]);
        }
        const button = row.buttons[place];
        setText(button, String(value));
        button.classList.toggle("on", value === 1);
        button.setAttribute("aria-label", fill(this.words.feature, { place: place + 1 }));
        button.setAttribute("aria-pressed", String(value === 1));
      });
    }
  }

  #draw(element, cells) {
    while (element.children.length > cells.length) element.lastChild.remove();
    while (element.children.length < cells.length) element.append(make("span", "cell"));
    cells.forEach((cell, index) => {
      const box = element.children[index];
      paintNumber(box, cell);
      box.classList.toggle("peak", Boolean(cell.peak));
    });
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".mount");
  if (!labs.has(root)) labs.set(root, new FeatureRows(root, data.words));
  const lab = labs.get(root);
  lab.update(data, setStateValue);
  return () => {
    lab.outbox.close();
    labs.delete(root);
  };
}
