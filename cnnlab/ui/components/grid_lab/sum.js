// The sum of one step, written out term by term, in sections (one for each channel, say), with the line that they end in.

import { clearTint, tint } from "../lib/colours.js";
import { make, setAttribute, setText } from "../lib/dom.js";
import { fullNumber, largest, shortNumber } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { NO_SUM, roomOfNumbers } from "./sum_room.js";
import { tailAt } from "./tail.js";

/** @import { GridLab } from "./grid_lab.js" */
/** @import { SumRoom } from "./sum_room.js" */
/** @import { BySteps, Drawn, Group, Piece, Scene, Section } from "./types.d.ts" */

/**
 * The elements of one term.
 *
 * @typedef {object} Chip
 * @property {Drawn} x
 * @property {Drawn} w
 * @property {Drawn} product
 * @property {HTMLElement} term
 */

export class SumView {
  /** @type {Chip[]} one for each term */
  #chips = [];
  /** @type {Drawn[]} */
  #rowSums = [];
  /** @type {Drawn[]} the sums of the sections, where there are several */
  #parts = [];
  /** @type {HTMLElement[]} their titles */
  #titles = [];
  /** @type {Drawn[]} of the last line */
  #pieces = [];
  #shape = "";
  /** @type {HTMLElement | null} what stands before the first term */
  #lead = null;
  /** @type {unknown[]} what the room and the colours were worked out from */
  #numbers = [];
  /** @type {SumRoom} */
  room = NO_SUM;
  // The numbers that are drawn in full colour.
  #scales = { product: 0, part: 0, total: 0 };

  /** @param {GridLab} lab */
  constructor(lab) {
    this.lab = lab;
    this.title = make("div", "title");
    this.sections = make("div", "sections");
    this.total = make("div", "total");
    this.element = make("section", "sum", { "aria-live": "off" }, [this.title, this.sections, this.total]);
  }

  /** The sum as it is drawn: each term with the number that it comes to, what they join to, and the last line. */
  get parts() {
    const hasProducts = this.element.dataset.terms === "full" || this.element.dataset.terms === "close";
    return {
      terms: this.#chips.map(({ term, x, product }) => ({
        element: term,
        number: hasProducts && product.isConnected ? product : x,
      })),
      joins: this.#rowSums.length > 0 ? this.#rowSums : this.#parts,
      end: this.total,
    };
  }

  /** @param {Scene} data */
  take(data) {
    this.#scales.total = data.total_scale;
    const { groups, products, parts, row_sums: rowSums, tails, boards } = data;
    const numbers = [groups, products, parts, rowSums, tails, ...Object.entries(boards).flat()];
    // Most answers tell of no other numbers, and there may be thousands.
    if (areSame(numbers, this.#numbers)) return;
    this.#numbers = numbers;
    this.room = roomOfNumbers(data);
    this.#scales.product = largestOf(products);
    this.#scales.part = largestOf(parts);
  }

  /**
   * `group` says what the sum is made of; its grid of chips is built anew only when that has another shape.
   *
   * @param {Group} group
   * @param {number[]} counts of the terms, by section
   */
  #build(group, counts) {
    const columns = group.sections.map((section) =>
      Array.isArray(section.columns) ? section.columns[this.lab.shown - group.first] : section.columns,
    );
    const shape = JSON.stringify([
      group.sections.map(({ left, right, title }) => [left, right, title]),
      columns,
      counts,
      group.joiner,
      group.row_sums,
      this.lab.data.symbols,
    ]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#chips = [];
    this.#rowSums = [];
    this.#parts = [];
    this.#lead = null;
    const { symbols } = this.lab.data;
    setAttribute(this.element, "data-symbols", symbols === null ? null : symbols.numbers ? "both" : "letters");
    this.sections.dataset.many = group.sections.length > 1 ? "yes" : "no";
    this.sections.replaceChildren(
      ...group.sections.map((section, index) => this.#section(group, section, counts[index], columns[index], index)),
    );
  }

  /**
   * @param {Group} group
   * @param {Section} section
   * @param {number} count of its terms
   * @param {number} columns
   * @param {number} number
   */
  #section(group, section, count, columns, number) {
    const { symbols } = this.lab.data;
    const terms = make("div", "terms", { role: "table", "aria-label": section.title || this.lab.data.words.sum_label });
    terms.style.setProperty("--columns", String(columns));
    const lines = [];
    for (let row = 0; row * columns < count; row += 1) {
      const line = make("div", "row", { role: "row" });
      for (let column = 0; column < columns && row * columns + column < count; column += 1) {
        const isFirst = row * columns + column === 0;
        const chip = {
          x: make("span", "chip left"),
          w: make("span", "chip weight"),
          product: make("span", "chip product"),
          term: make("span", "term", { role: "cell" }),
        };
        const parts = [make("span", "sign", {}, [isFirst ? "" : group.joiner])];
        if (isFirst && group.sections.length === 1) this.#lead = parts[0];
        if (section.right === null) parts.push(make("span", "pair", {}, [chip.x]));
        else {
          const by = make("span", "by", {}, [symbols ? "·" : "×"]);
          parts.push(make("span", "pair", {}, symbols?.right_first ? [chip.w, by, chip.x] : [chip.x, by, chip.w]));
          // An equation goes on to the right of each product: what that comes to would be read as the whole sum.
          if (!symbols) parts.push(make("span", "is", {}, ["="]), chip.product);
        }
        chip.term.append(...parts);
        const term = this.#chips.length;
        chip.term.addEventListener("pointerenter", () => this.lab.hover({ term }));
        chip.term.addEventListener("pointerleave", () => this.lab.hover(null));
        this.#chips.push(chip);
        line.append(chip.term);
      }
      if (group.row_sums) {
        const rowSum = make("span", "chip product");
        this.#rowSums.push(rowSum);
        line.append(
          make("span", "row-sum", { role: "cell" }, [make("span", "brace", { "aria-hidden": "true" }), rowSum]),
        );
      }
      lines.push(line);
    }
    terms.replaceChildren(...lines);
    terms.classList.toggle("with-sums", group.row_sums);
    if (group.sections.length === 1 && section.title === "") return make("div", "section", {}, [terms]);
    const part = make("span", "chip product part");
    this.#parts[number] = part;
    this.#titles[number] = make("span");
    const head = make("div", "section-title", {}, [this.#titles[number], make("span", "is", {}, ["="]), part]);
    return make("div", "section", {}, [head, terms]);
  }

  /**
   * A chip: the number in its colour; `null` hides a number that is still to be predicted. `text` stands in for it.
   *
   * @param {Drawn} element
   * @param {number | null | undefined} value
   * @param {number} scale
   * @param {number} room
   * @param {string | null} text
   */
  #chip(element, value, scale, room, text = null) {
    if (value === null || value === undefined) {
      setText(element, text ?? (value === null ? "?" : ""));
      clearTint(element);
      setAttribute(element, "title", null);
      return;
    }
    setText(element, text ?? shortNumber(value, room));
    setAttribute(element, "title", fullNumber(value));
    tint(element, value, scale);
  }

  /**
   * Give a chip the name of its cell, beside its number or in its place.
   *
   * @param {Drawn} element
   * @param {string | null} symbol
   */
  #name(element, symbol) {
    const { showsNumbers } = this.lab;
    setAttribute(element, "data-symbol", showsNumbers ? symbol : null);
    if (symbol === null || showsNumbers) return;
    setText(element, symbol);
    clearTint(element);
  }

  /** Pixels of the terms. */
  get below() {
    return this.sections.getBoundingClientRect().height;
  }

  draw() {
    const { lab } = this;
    const { data, shown } = lab;
    const group = lab.group(shown);
    const idle = data.refusal !== null || group === null || data.products[shown] === undefined;
    this.element.hidden = data.refusal === null && data.groups.length === 0;
    this.element.classList.toggle("idle", idle);
    if (idle) {
      setText(this.title, data.refusal !== null ? data.words.sum_refused : "");
      return;
    }
    const known = lab.isVisible(shown) || !lab.predicting;
    setText(this.title, data.titles?.[shown] ?? fill(data.words.sum_title, lab.place(shown)));
    const terms = lab.terms(shown);
    this.#build(
      group,
      group.sections.map((_, index) => terms.filter((term) => term.section === index).length),
    );
    const products = lab.products(shown);
    const parts = lab.parts(shown);
    const pointed = lab.pointedTerm();
    const hinted = lab.hintedTerms();
    const symbol = lab.symbolOfStep(shown);
    if (this.#lead && symbol !== null) setText(this.#lead, `${symbol} =`);
    this.#chips.forEach((chip, index) => {
      const { left, leftCell, right, rightCell } = terms[index];
      const standIn = left.standIn(leftCell);
      // As it was typed (1/16 rather than 0.0625), where there is room.
      const typed = standIn ?? left.textAt(leftCell);
      this.#chip(
        chip.x,
        standIn === null ? left.at(leftCell) : undefined,
        left.part.scale,
        6,
        typed.length <= 6 ? typed : null,
      );
      this.#name(chip.x, left.symbolAt(leftCell));
      chip.x.classList.toggle("padding", left.isOutside(leftCell));
      setAttribute(chip.x, "data-look", left.part.look);
      if (right !== null) {
        const weight = right.at(rightCell);
        const text = right.textAt(rightCell);
        this.#chip(chip.w, weight, right.part.scale, 6, text.length <= 6 ? text : null);
        this.#name(chip.w, right.symbolAt(rightCell));
        setAttribute(chip.w, "data-look", right.part.look);
        this.#chip(chip.product, known ? products[index] : null, this.#scales.product, 6);
      }
      const isNothing = right !== null && known && products[index] === 0 && lab.showsNumbers;
      chip.term.classList.toggle("nothing", isNothing);
      // A cell beyond keeps its place, so that the terms stand as in the window.
      chip.term.classList.toggle("beyond", left.isBeyond(leftCell));
      chip.term.classList.toggle("won", known && Boolean(data.marks[left.name]?.[shown]?.includes(leftCell)));
      chip.term.classList.toggle("tied", known && Boolean(data.tied[left.name]?.[shown]?.includes(leftCell)));
      chip.term.classList.toggle("pointed", index === pointed);
      chip.term.classList.toggle("hinted", hinted.has(index));
    });
    const sums = data.row_sums?.[shown] ?? [];
    this.#rowSums.forEach((chip, row) => this.#chip(chip, known ? sums[row] : null, this.#scales.product, 7));
    this.#parts.forEach((chip, part) => {
      const section = group.sections[part];
      const { left, right, title } = section;
      const step = lab.stepOf(section, shown);
      this.#chip(chip, lab.isVisible(step) || !lab.predicting ? parts[part] : null, this.#scales.part, 7);
      this.#name(chip, section.of === null && group.sections.length === 1 ? null : lab.symbolOfStep(step));
      setText(this.#titles[part], fill(title, lab.place(step)));
      // What is no sum of products looks like the numbers that it is made of.
      setAttribute(chip, "data-look", right === null ? data.boards[left].look : null);
    });
    this.#drawTail(this.#tail(group, shown), known);
  }

  /**
   * The last line of a step: its own, or the one that its group shares, with the numbers of this step.
   *
   * @param {Group} group
   * @param {number} step
   * @returns {Piece[]}
   */
  #tail(group, step) {
    const { data } = this.lab;
    if (group.tail.length === 0) return tailAt(data.tails, step);
    return group.tail.map((piece) => {
      if (piece[0] === "part") return ["chip", data.parts[step][piece[1]]];
      if (piece[0] === "total") return ["result", this.lab.total(step)];
      return piece;
    });
  }

  /**
   * The last line comes in pieces from Python: [kind, what], a text, one that gives the result away, a number, one that
   * is given, or the result.
   *
   * @param {Piece[]} pieces
   * @param {boolean} known
   */
  #drawTail(pieces, known) {
    const kinds = pieces.map(([kind]) => kind).join(" ");
    if (this.total.dataset.kinds !== kinds) {
      this.total.dataset.kinds = kinds;
      const classes = { text: "sign", told: "sign", chip: "chip product", given: "chip bias", result: "chip result" };
      this.#pieces = pieces.map(([kind]) => make("span", classes[kind]));
      this.total.replaceChildren(...withItsSign(this.#pieces));
    }
    pieces.forEach(([kind, what], index) => {
      const element = this.#pieces[index];
      if (kind === "text") setText(element, what);
      else if (kind === "told") setText(element, known ? what : "");
      else if (kind === "given") this.#chip(element, what, Math.max(this.#scales.product, Math.abs(what ?? 0)), 7);
      else if (kind === "result") {
        this.#chip(element, known ? what : null, this.#scales.total, 10);
        setAttribute(element, "data-look", this.lab.boardOf(this.lab.shown)?.part.look ?? null);
      } else this.#chip(element, known ? what : null, Math.max(this.#scales.product, this.#scales.part), 7);
    });
  }
}

/**
 * A line may break before the last sign, but not between it and the result.
 *
 * @param {HTMLElement[]} pieces
 * @returns {HTMLElement[]}
 */
function withItsSign(pieces) {
  const result = pieces.findIndex((piece) => piece.classList.contains("result"));
  if (result < 1 || !pieces[result - 1].classList.contains("sign")) return pieces;
  const end = make("span", "end", {}, pieces.slice(result - 1, result + 1));
  return [...pieces.slice(0, result - 1), end, ...pieces.slice(result + 1)];
}

/**
 * Whether they are the very parts that came before. A part that is held stays the same object (lib/parts.js); what is
 * small comes anew each time, even an empty list.
 *
 * @param {unknown[]} parts
 * @param {unknown[]} before
 */
function areSame(parts, before) {
  const isEmpty = (/** @type {unknown} */ part) => Array.isArray(part) && part.length === 0;
  return (
    parts.length === before.length &&
    parts.every((part, index) => part === before[index] || (isEmpty(part) && isEmpty(before[index])))
  );
}

/** @param {BySteps<number[]>} steps */
function largestOf(steps) {
  return Object.values(steps).reduce((most, numbers) => Math.max(most, largest(numbers)), 0);
}
