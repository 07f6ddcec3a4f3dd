// The chosen step in full: its arguments, its tools, and all numbers of its result.

import { buttonOf, drawing, drawn, focusNear, ICONS, icon, make, told } from "../lib/dom.js";
import { fill } from "../lib/words.js";

/** @import { Film } from "./film.js" */
/** @import { Card, Field, Option, ResultCard } from "./types.d.ts" */

const HEIGHT = 64; // of the histogram, in its own units; the width is 256

export class Detail {
  #shape = ""; // what the fields were made for
  /** @type {[place: number, input: HTMLInputElement | HTMLSelectElement][]} in the step, counted from its type */
  #fields = [];
  #title = make("h2");
  #about = make("p", "about");
  #refused = make("p", "refused", { role: "alert" });
  #edit = make("div", "edit");
  #view = make("div", "view");
  element = make("section", "detail", {}, [this.#edit, this.#view]);

  /** @param {Film} film */
  constructor(film) {
    this.film = film;
  }

  draw() {
    const { film } = this;
    const index = film.selected;
    const card = film.cards[index];
    if (!card) return;
    const isNetwork = index === film.steps.length;
    const shape = [index, isNetwork, film.steps.length, film.steps[index]?.[0], film.data.revision].join(" ");
    // The fields stay while they are typed into.
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#drawEdit(index, isNetwork);
    }
    this.#fillEdit(card, index, isNetwork);
    this.#drawView(card, index);
  }

  // ----------------------------------------------------------------- editing

  /**
   * @param {number} index
   * @param {boolean} isNetwork
   */
  #drawEdit(index, isNetwork) {
    const { film } = this;
    const { menu } = film.data;
    this.#fields = [];
    const rows = [];
    if (index === 0) rows.push(this.#sourceRow());
    else if (!isNetwork) {
      const type = menu.types[film.steps[index][0]];
      for (const [place, field] of type.fields.entries()) rows.push(this.#fieldRow(index, place + 1, field));
    }
    this.#edit.replaceChildren(
      this.#title,
      this.#about,
      ...rows,
      this.#refused,
      ...this.#tools(index, isNetwork),
      this.#adder(index, isNetwork),
    );
  }

  #sourceRow() {
    const { film } = this;
    const { words, menu } = film.data;
    const sources = Object.entries(menu.types)
      .filter(([, type]) => type.source)
      .map(([word, type]) => /** @type {Option} */ ([word, type.title]));
    const select = choice(sources, words.opens);
    select.addEventListener("change", () => film.put(0, select.value));
    this.#fields.push([0, select]);
    return row(words.opens, select);
  }

  /**
   * @param {number} index
   * @param {number} place
   * @param {Field} field
   */
  #fieldRow(index, place, field) {
    const { film } = this;
    const name = fill(film.data.words.field, { label: field.label, number: index + 1 });
    const attributes = { type: "text", "aria-label": name, maxlength: 80, spellcheck: "false" };
    const input = field.options.length ? choice(field.options, name) : make("input", "", attributes);
    input.title = field.about;
    input.addEventListener("change", () => film.change(index, place, input.value));
    this.#fields.push([place, input]);
    return row(field.label, input);
  }

  /**
   * @param {number} index
   * @param {boolean} isNetwork
   */
  #tools(index, isNetwork) {
    if (index === 0 || isNetwork) return [];
    const { film } = this;
    const { words } = film.data;
    /** @type {(name: keyof typeof ICONS, act: () => void, isOff: boolean) => HTMLButtonElement} */
    const tool = (name, act, isOff) => {
      const button = buttonOf(icon(ICONS[name]), act, name);
      button.append(told("span", "", words[name]));
      button.disabled = isOff;
      return button;
    };
    const line = make("div", "tools", {}, [
      tool("left", () => film.move(index, -1), index === 1),
      tool("right", () => film.move(index, 1), index === film.steps.length - 1),
      tool("remove", () => film.remove(index), false),
    ]);
    return [line];
  }

  /**
   * @param {number} index
   * @param {boolean} isNetwork
   */
  #adder(index, isNetwork) {
    const { film } = this;
    const { words, menu } = film.data;
    if (film.steps.length >= menu.most) return told("p", "about", words.full);
    const at = isNetwork ? index : index + 1;
    const label = isNetwork ? words.add_here : words.add;
    const types = Object.entries(menu.types)
      .filter(([, type]) => !type.source)
      .map(([word, type]) => /** @type {Option} */ ([word, type.title]));
    const select = choice([["", words.add_choose], ...types], label);
    select.addEventListener("change", () => {
      if (select.value) film.insert(at, select.value);
      select.value = "";
    });
    return row(label, select);
  }

  /**
   * @param {Card} card
   * @param {number} index
   * @param {boolean} isNetwork
   */
  #fillEdit(card, index, isNetwork) {
    const { film } = this;
    const { words, menu } = film.data;
    const pattern = isNetwork ? words.network : index === 0 ? words.source : words.step;
    const title = isNetwork ? card.title : menu.types[film.steps[index][0]].title;
    this.#title.textContent = fill(pattern, { number: index + 1, count: film.steps.length, title });
    this.#about.textContent = card.about;
    const focused = focusNear(film.root);
    for (const [place, input] of this.#fields) {
      const text = film.steps[index][place];
      // What is being typed stays as it is; another revision has fields of its own.
      if (input.value !== text && input !== focused) input.value = text;
    }
    this.#refused.textContent = film.refused ?? "";
  }

  // ----------------------------------------------------------------- looking

  /**
   * @param {Card | ResultCard} card
   * @param {number} index
   */
  #drawView(card, index) {
    const { words } = this.film.data;
    const parts = [];
    const notes = (card.notes ?? []).map((note) => told("p", card.state === "failed" ? "note advice" : "note", note));
    if (card.error) notes.unshift(told("p", "error", fill(words.says, card.error)));
    if (card.state === "hidden") notes.push(told("p", "note", words.hidden));
    if (card.state === "unknown" && !notes.length) notes.push(told("p", "note", words.unknown));
    if ("picture" in card) parts.push(this.#figure(card, index), this.#numbers(card));
    const text = make("div", "notes");
    text.append(...notes);
    this.#view.replaceChildren(text, ...parts);
    this.#view.classList.toggle("plain", !parts.length);
  }

  /**
   * @param {ResultCard} card
   * @param {number} index
   */
  #figure(card, index) {
    const { words } = this.film.data;
    const figure = make("figure");
    const frame = make("span", "frame");
    frame.append(drawn(card.picture, fill(words.picture, { number: index + 1 })));
    figure.append(frame, told("figcaption", "", card.drawn));
    return figure;
  }

  /** @param {ResultCard} card */
  #numbers(card) {
    const { words } = this.film.data;
    const box = make("div", "numbers");
    const list = make("dl");
    const facts = [
      [words.holds, card.type],
      [words.numbers, card.dtype],
      [words[card.measure], card.shape],
    ];
    for (const [name, text] of facts) {
      const fact = make("div");
      fact.append(told("dt", "", name), told("dd", "", text));
      list.append(fact);
    }
    box.append(list, this.#histogram(card), this.#table(card), this.#corner(card));
    return box;
  }

  /** @param {ResultCard} card */
  #table(card) {
    const { words } = this.film.data;
    const table = make("table", "channels");
    const head = make("tr");
    head.append(...["channel", "low", "high", "mean", "std"].map((name) => told("th", "", words[name])));
    const lines = card.table.map((cells) => {
      const line = make("tr");
      line.append(...cells.map((text, place) => told(place ? "td" : "th", place ? "" : `name ${text}`, text)));
      return line;
    });
    table.append(head, ...lines);
    return table;
  }

  /** @param {ResultCard} card */
  #histogram({ bars }) {
    const { words } = this.film.data;
    const name = fill(words.histogram, { low: bars.edges[0], high: bars.edges[1] });
    const svg = drawing("svg", {
      viewBox: `0 0 256 ${HEIGHT}`,
      class: "histogram",
      role: "img",
      "aria-label": name,
      preserveAspectRatio: "none",
    });
    const most = Math.max(...bars.channels.flatMap(([, shares]) => shares));
    for (const [channel, shares] of bars.channels) {
      const wide = 256 / shares.length;
      const points = shares.flatMap((share, index) => {
        const y = HEIGHT - 1 - (HEIGHT - 3) * Math.sqrt(share / most);
        return [`${index * wide},${y.toFixed(1)}`, `${(index + 1) * wide},${y.toFixed(1)}`];
      });
      svg.append(drawing("polyline", { class: channel, points: points.join(" ") }));
    }
    const figure = make("div", "bars");
    const ends = make("div", "ends");
    ends.append(told("span", "", bars.edges[0]), told("span", "", words.how_often), told("span", "", bars.edges[1]));
    figure.append(svg, ends);
    return figure;
  }

  /** @param {ResultCard} card */
  #corner({ corner }) {
    const box = make("div", "corner");
    const table = make("table");
    for (const row of corner.rows) {
      const line = make("tr");
      line.append(...row.map((text) => told("td", "", text)));
      table.append(line);
    }
    box.append(told("code", "", corner.code), table);
    return box;
  }
}

/**
 * @param {Option[]} options
 * @param {string} name
 */
function choice(options, name) {
  const entries = options.map(([value, label]) => make("option", "", { value }, [label]));
  return make("select", "", { "aria-label": name }, entries);
}

/**
 * @param {string} label
 * @param {HTMLElement} input
 */
function row(label, input) {
  return make("label", "row", {}, [told("span", "", label), input]);
}
