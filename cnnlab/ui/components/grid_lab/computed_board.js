// A grid of numbers that Python computed. Where its cells are the steps (`first`), they fill as they are reached, and in
// "predict" the current one takes the learner's answer; otherwise it shows its numbers, those of the step where it has some
// for each.

import { clearTint, tint } from "../lib/colours.js";
import { make, setAttribute, setText } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp, fullNumber } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { Caption } from "./caption.js";
import { frameAround, isDrawn, markCell } from "./marks.js";
import { nameCell, sizeInCell, symbolOf } from "./symbols.js";

/** @import { GridLab } from "./grid_lab.js" */
/** @import { CellLook, ComputedPart, Drawn } from "./types.d.ts" */

export class ComputedBoard {
  #shape = "";
  /** @type {Set<number>} */
  #hatched = new Set();
  /** @type {Map<number, CellLook> | null} what a step says about these cells, where they are steps, too */
  #looks = null;
  /** @type {Drawn[]} */
  cells = [];

  /**
   * @param {string} name the board's key in the scene
   * @param {ComputedPart} part what Python says of it
   * @param {GridLab} lab that it is a part of
   */
  constructor(name, part, lab) {
    this.name = name;
    this.part = part;
    this.lab = lab;
    this.title = make("span", "name");
    this.extent = make("span", "extent");
    this.board = make("div", "board", { role: "grid", "aria-readonly": "true" });
    this.frame = make("div", "frame", { "aria-hidden": "true", hidden: "" });
    this.body = make("div", "body", {}, [this.board, this.frame]);
    this.refusal = make("p", "refusal", { role: "status" });
    this.caption = new Caption(lab);
    this.element = make("section", "matrix computed", {}, [
      make("div", "head", {}, [this.title, this.extent]),
      make("div", "scroller", {}, [this.body]),
      this.refusal,
      this.caption.element,
    ]);
    this.guess = make("input", "guess", {
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "?",
    });
    this.guess.addEventListener("keydown", (event) => this.#guessKey(event));
    this.guess.addEventListener("focus", () => this.guess.select());
    this.board.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {ComputedPart} part */
  take(part) {
    const { data } = this.lab;
    const [rows, columns] = part.size;
    const { refusal } = part;
    this.part = part;
    this.element.classList.toggle("output", this.steps);
    this.element.classList.toggle("picks", part.pick);
    this.element.dataset.look = part.look;
    this.refusal.hidden = refusal === null;
    this.body.hidden = refusal !== null;
    setText(this.refusal, refusal ?? "");
    setText(this.title, part.title);
    this.caption.take(data.captions[this.name] ?? []);
    setText(this.extent, refusal === null ? `${rows} × ${columns}` : "");
    this.board.setAttribute("aria-label", fill(data.words.grid_label, { name: part.title, rows, columns }));
    setAttribute(this.guess, "maxlength", String(data.characters));
    this.#hatched = new Set(part.hatched);
    const shape = `${rows} ${columns} ${part.first} ${part.tones}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#build(rows, columns);
  }

  // Whether its cells are the steps.
  get steps() {
    return this.part.first !== null;
  }

  // The step of its first cell.
  get first() {
    return this.part.first ?? 0;
  }

  /**
   * The number in a cell, counted row by row, at a step; null is an empty cell.
   *
   * @param {number} cell
   * @param {number} [step]
   * @returns {number | null}
   */
  at(cell, step = this.lab.shown) {
    const { frames, values } = this.part;
    return (frames ? frames[clamp(step, 0, frames.length - 1)] : (values ?? []))[cell];
  }

  /**
   * @param {number} cell
   * @returns {HTMLElement | undefined}
   */
  elementAt(cell) {
    return this.cells[cell];
  }

  /** @param {number} cell */
  textAt(cell) {
    const value = this.at(cell);
    return value === null ? "" : fullNumber(value);
  }

  /**
   * What a cell is called; null where names are not shown.
   *
   * @param {number} cell
   */
  symbolAt(cell) {
    const letter = this.lab.data.symbols?.letters[this.name];
    const columns = this.part.size[1];
    return letter === undefined ? null : symbolOf(letter, Math.floor(cell / columns), cell % columns);
  }

  /** @param {number} cell */
  isOutside(cell) {
    return this.#hatched.has(cell);
  }

  isBeyond() {
    return false;
  }

  standIn() {
    return null;
  }

  /** @param {number} cell */
  copies(cell) {
    return [cell];
  }

  /**
   * @param {number} rows
   * @param {number} columns
   */
  #build(rows, columns) {
    this.board.style.setProperty("--columns", String(columns));
    this.cells = [];
    const lines = [];
    for (let row = 0; row < rows; row += 1) {
      const line = make("div", "row", { role: "row" });
      for (let column = 0; column < columns; column += 1) {
        const index = row * columns + column;
        const cell = make("div", "cell", { role: "gridcell", tabindex: -1 }, [make("span", "number")]);
        const tone = this.part.tones[index];
        if (tone) cell.dataset.tone = tone;
        if (this.part.letters[tone]) cell.dataset.letter = this.part.letters[tone];
        cell.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "mouse") return;
          this.lab.hover(this.steps ? { step: this.first + index } : { board: this.name, cell: index });
        });
        cell.addEventListener("pointerleave", () => this.lab.hover(null));
        cell.addEventListener("focus", () => {
          if (this.steps) this.lab.go(this.first + index);
        });
        cell.addEventListener("click", () => {
          if (this.part.pick) this.lab.choose(this.name, index);
          if (!this.steps) return;
          this.lab.go(this.first + index);
          if (this.lab.predicting) this.focus();
        });
        this.cells.push(cell);
        line.append(cell);
      }
      lines.push(line);
    }
    this.board.replaceChildren(...lines);
  }

  get hasFocus() {
    return this.board.contains(this.lab.root.activeElement);
  }

  // The cell that is the step; undefined where the step is another board's cell.
  get current() {
    return this.steps ? this.cells[this.lab.step - this.first] : undefined;
  }

  // Focus follows the step: the cell itself, or the answer field where one is asked for.
  focus() {
    const cell = this.current;
    if (!cell) return;
    if (this.guess.parentNode === cell) this.guess.focus();
    else cell.focus();
  }

  /** @param {Set<number> | null} fed the steps that read the cell under the pointer */
  draw(fed) {
    const { lab } = this;
    if (!this.steps) {
      this.#drawPlain();
      return;
    }
    const { data, step, shown } = lab;
    const focused = this.hasFocus;
    this.cells.forEach((cell, offset) => {
      const index = this.first + offset;
      const total = this.at(offset);
      const visible = lab.isVisible(index);
      const answer = lab.answer(index);
      let name = "cell";
      if (!visible) name += " empty";
      if (this.#hatched.has(offset)) name += " padding";
      if (index === shown) name += " current";
      if (index === step && index !== shown) name += " resting";
      if (fed?.has(index)) name += " fed";
      if (lab.lit?.[this.name]?.includes(offset)) name += " lit";
      if (data.same[this.name]?.includes(offset)) name += " same";
      const read = this.#looks?.get(offset);
      if (read?.tapped) name += read.pointed ? " tap pointed" : " tap";
      if (read?.hinted) name += " hinted";
      setAttribute(cell, "data-weight", read?.weight ?? null);
      if (answer) name += answer.right ? " right" : answer.revealed ? " revealed" : " wrong";
      // A step changes two or three of up to 484 cells.
      const look = `${name} ${index === step} ${visible ? total : ""} ${this.part.scale} ${this.part.title} ${lab.version}`;
      if (isDrawn(cell, look)) return;
      cell.className = name;
      cell.tabIndex = index === step ? 0 : -1;
      this.#write(cell, offset, visible ? total : null);
    });
    this.#placeGuess(focused);
  }

  /**
   * Write a number into a cell, and say where it is; `null` leaves it empty.
   *
   * @param {Drawn} cell
   * @param {number} offset
   * @param {number | null} value
   */
  #write(cell, offset, value) {
    const { words } = this.lab.data;
    const columns = this.part.size[1];
    const symbol = this.symbolAt(offset);
    const name = this.lab.named(this.part.title, symbol);
    const place = { name, row: Math.floor(offset / columns) + 1, column: (offset % columns) + 1 };
    const number = cell.children[0];
    const bare = symbol !== null && !this.lab.showsNumbers;
    nameCell(cell, bare ? null : symbol);
    cell.style.fontSize = bare ? sizeInCell(symbol, this.lab.longRoom, this.lab.cell[0]) : "";
    if (value === null) {
      setText(number, bare ? symbol : "");
      setAttribute(cell, "title", null);
      clearTint(cell);
      setAttribute(cell, "aria-label", fill(words.output_cell_empty, place));
      return;
    }
    const text = fullNumber(value);
    if (bare) {
      this.lab.fitSymbol(cell, symbol);
      setText(number, symbol);
      clearTint(cell);
    } else {
      this.lab.fit(cell, (shown) => setText(number, shown), text, value);
      tint(cell, value, this.part.scale);
    }
    setAttribute(cell, "title", symbol === null ? text : `${symbol} = ${text}`);
    setAttribute(cell, "aria-label", fill(words.output_cell, { ...place, value: text }));
  }

  #drawPlain() {
    const { lab } = this;
    const { pick } = lab;
    const hidden = this.part.gathers && !lab.isVisible(lab.shown);
    const step = this.part.gathers && lab.all && !lab.predicting ? lab.steps - 1 : lab.shown;
    this.cells.forEach((cell, offset) => {
      const value = hidden ? null : this.at(offset, step);
      const picked = pick !== null && pick[0] === this.name && pick[1] === offset;
      const hatched = this.#hatched.has(offset);
      if (isDrawn(cell, `${value} ${picked} ${hatched} ${this.part.scale} ${this.part.title} ${lab.version}`)) return;
      cell.classList.toggle("empty", value === null);
      cell.classList.toggle("picked", picked);
      cell.classList.toggle("padding", hatched);
      if (this.part.pick) cell.tabIndex = picked ? 0 : -1;
      this.#write(cell, offset, value);
    });
  }

  /** @param {Map<number, CellLook> | undefined} looks by cell */
  mark(looks) {
    // Cells that are steps are marked where another step reads them.
    this.#looks = this.steps && this.lab.isRead(this.name, this.lab.shown) ? (looks ?? null) : null;
    if (!this.steps) this.cells.forEach((cell, index) => markCell(cell, looks?.get(index)));
    frameAround(this.frame, this.steps ? this.#looks : looks, this.part.size[1], this.lab.cell);
  }

  /** @param {boolean} focused */
  #placeGuess(focused) {
    const { lab } = this;
    const cell = this.current;
    const asked = lab.predicting && cell && !lab.isVisible(lab.step);
    if (!asked) {
      if (!this.guess.isConnected) return;
      const hadFocus = this.guess === lab.root.activeElement;
      this.guess.remove();
      if (hadFocus && cell) cell.focus();
      return;
    }
    const { words } = lab.data;
    setAttribute(this.guess, "aria-label", fill(words.guess_label, { ...lab.place(lab.step), name: this.part.title }));
    if (this.guess.parentNode === cell) return;
    this.guess.value = "";
    cell.append(this.guess);
    if (focused) this.guess.focus();
  }

  /** @param {KeyboardEvent} event */
  #guessKey(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.lab.check();
    else if (event.key === "ArrowDown" || event.key === "PageDown") this.lab.move(1);
    else if (event.key === "ArrowUp" || event.key === "PageUp") this.lab.move(-1);
    else if (event.key === "Escape") this.guess.value = "";
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target === this.guess || isShortcut(event)) return;
    const move = arrow(event.key);
    const by = move && move[0] * this.part.size[1] + move[1];
    if (!this.steps) {
      if (by !== undefined) this.#chooseNext(event, by);
      return;
    }
    if (by !== undefined) {
      const wanted = this.lab.step - this.first + by;
      if (wanted >= 0 && wanted < this.cells.length) this.lab.go(this.first + wanted);
      if (wanted >= this.cells.length && event.key === "ArrowDown") this.caption.focus();
      else this.focus();
    } else if (event.key === "Enter" && this.lab.predicting) this.lab.move(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} by
   */
  #chooseNext(event, by) {
    const { pick } = this.lab;
    if (!this.part.pick || pick === null || pick[0] !== this.name) return;
    const wanted = pick[1] + by;
    if (wanted >= 0 && wanted < this.cells.length) {
      this.lab.choose(this.name, wanted);
      this.cells[wanted].focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
