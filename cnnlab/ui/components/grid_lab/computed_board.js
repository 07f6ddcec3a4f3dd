// A grid of numbers that Python computed. Where its cells are the steps (`first`), they fill as they are reached, and in
// "predict" the current one takes the learner's answer; otherwise it shows its numbers, those of the step where it has some
// for each.

import { fill } from "../lib/words.js";
import { clearTint, fullNumber, isDrawn, make, setAttribute, setText, tint } from "./format.js";
import { frameAround, markCell } from "./marks.js";

export class ComputedBoard {
  constructor(name, lab) {
    this.name = name;
    this.lab = lab;
    this.shape = "";
    this.cells = [];
    this.title = make("span", "name");
    this.extent = make("span", "extent");
    this.board = make("div", "board", { role: "grid", "aria-readonly": "true" });
    this.frame = make("div", "frame", { "aria-hidden": "true", hidden: "" });
    this.body = make("div", "body", {}, [this.board, this.frame]);
    this.refusal = make("p", "refusal", { role: "status" });
    this.caption = make("p", "note");
    this.element = make("section", "matrix computed", {}, [
      make("div", "head", {}, [this.title, this.extent]),
      make("div", "scroller", {}, [this.body]),
      this.refusal,
      this.caption,
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

  take(part) {
    const { data } = this.lab;
    const [rows, columns] = part.size;
    const refusal = part.refusal ?? null;
    this.part = part;
    this.steps = part.first !== null;
    this.element.classList.toggle("output", this.steps);
    this.element.classList.toggle("picks", part.pick);
    this.element.dataset.look = part.look;
    this.refusal.hidden = refusal === null;
    this.body.hidden = refusal !== null;
    setText(this.refusal, refusal ?? "");
    setText(this.title, part.title);
    setText(this.caption, part.caption ?? "");
    setText(this.extent, refusal === null ? `${rows} × ${columns}` : "");
    this.board.setAttribute("aria-label", fill(data.words.grid_label, { name: part.title, rows, columns }));
    setAttribute(this.guess, "maxlength", String(data.characters));
    this.scale = part.scale;
    this.hatched = new Set(part.hatched);
    const shape = `${rows} ${columns} ${part.first} ${part.tones}`;
    if (shape === this.shape) return;
    this.shape = shape;
    this.size = [rows, columns];
    this.#build(rows, columns);
  }

  // The number in a cell, counted row by row, at a step; null is an empty cell.
  at(cell, step = this.lab.shown) {
    const { frames, values } = this.part;
    return frames ? frames[Math.max(0, Math.min(step, frames.length - 1))][cell] : values[cell];
  }

  textAt(cell) {
    return fullNumber(this.at(cell));
  }

  isOutside(cell) {
    return this.hatched.has(cell);
  }

  isBeyond() {
    return false;
  }

  standIn() {
    return null;
  }

  copies(cell) {
    return [cell];
  }

  #build(rows, columns) {
    this.board.style.setProperty("--columns", columns);
    this.cells = [];
    const lines = [];
    for (let row = 0; row < rows; row += 1) {
      const line = make("div", "row", { role: "row" });
      for (let column = 0; column < columns; column += 1) {
        const index = row * columns + column;
        const cell = make("div", "cell", { role: "gridcell", tabindex: -1 }, [make("span", "number")]);
        if (this.part.tones[index]) cell.dataset.tone = this.part.tones[index];
        cell.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "mouse") return;
          this.lab.hover(this.steps ? { step: this.part.first + index } : { board: this.name, cell: index });
        });
        cell.addEventListener("pointerleave", () => this.lab.hover(null));
        cell.addEventListener("focus", () => {
          if (this.steps) this.lab.go(this.part.first + index);
        });
        cell.addEventListener("click", () => {
          if (this.part.pick) this.lab.choose(this.name, index);
          if (!this.steps) return;
          this.lab.go(this.part.first + index);
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
    return this.steps ? this.cells[this.lab.step - this.part.first] : undefined;
  }

  // Focus follows the step: the cell itself, or the answer field where one is asked for.
  focus() {
    const cell = this.current;
    if (!cell) return;
    if (this.guess.parentNode === cell) this.guess.focus();
    else cell.focus();
  }

  draw(fed) {
    const { lab } = this;
    if (!this.steps) {
      this.#drawPlain();
      return;
    }
    const { data, step, shown } = lab;
    const focused = this.hasFocus;
    this.cells.forEach((cell, offset) => {
      const index = this.part.first + offset;
      const total = this.at(offset);
      const visible = lab.isVisible(index);
      const answer = lab.predicting ? data.predict.answers[index] : undefined;
      let name = "cell";
      if (!visible) name += " empty";
      if (this.hatched.has(offset)) name += " padding";
      if (index === shown) name += " current";
      if (index === step && index !== shown) name += " resting";
      if (fed?.has(index)) name += " fed";
      if (data.same[this.name]?.includes(offset)) name += " same";
      if (answer) name += answer.right ? " right" : answer.revealed ? " revealed" : " wrong";
      // A step changes two or three of up to 484 cells.
      const look = `${name} ${index === step} ${visible ? total : ""} ${this.scale} ${this.part.title} ${lab.version}`;
      if (isDrawn(cell, look)) return;
      cell.className = name;
      if (visible) lab.fit(cell, (text) => setText(cell.firstChild, text), fullNumber(total), total);
      else setText(cell.firstChild, "");
      setAttribute(cell, "title", visible ? fullNumber(total) : null);
      if (visible) tint(cell, total, this.scale);
      else clearTint(cell);
      cell.tabIndex = index === step ? 0 : -1;
      const words = visible ? data.words.output_cell : data.words.output_cell_empty;
      setAttribute(
        cell,
        "aria-label",
        fill(words, { ...this.#named(offset), value: visible ? fullNumber(total) : "" }),
      );
    });
    this.#placeGuess(focused);
  }

  #named(offset) {
    return { name: this.part.title, row: Math.floor(offset / this.size[1]) + 1, column: (offset % this.size[1]) + 1 };
  }

  #drawPlain() {
    const { lab } = this;
    const { pick } = lab;
    const hidden = this.part.gathers && !lab.isVisible(lab.shown);
    const step = this.part.gathers && lab.all && !lab.predicting ? lab.steps - 1 : lab.shown;
    this.cells.forEach((cell, offset) => {
      const value = hidden ? null : this.at(offset, step);
      const picked = pick !== null && pick[0] === this.name && pick[1] === offset;
      const hatched = this.hatched.has(offset);
      if (isDrawn(cell, `${value} ${picked} ${hatched} ${this.scale} ${this.part.title} ${lab.version}`)) return;
      const visible = value !== null;
      cell.classList.toggle("empty", !visible);
      cell.classList.toggle("picked", picked);
      cell.classList.toggle("padding", hatched);
      if (this.part.pick) cell.tabIndex = picked ? 0 : -1;
      if (visible) lab.fit(cell, (text) => setText(cell.firstChild, text), fullNumber(value), value);
      else setText(cell.firstChild, "");
      setAttribute(cell, "title", visible ? fullNumber(value) : null);
      if (visible) tint(cell, value, this.scale);
      else clearTint(cell);
      const words = visible ? lab.data.words.output_cell : lab.data.words.output_cell_empty;
      setAttribute(
        cell,
        "aria-label",
        fill(words, { ...this.#named(offset), value: visible ? fullNumber(value) : "" }),
      );
    });
  }

  // As in TypedBoard.
  mark(looks) {
    if (!this.steps) this.cells.forEach((cell, index) => markCell(cell, looks?.get(index)));
    frameAround(this.frame, this.steps ? null : looks, this.size[1], this.lab.cell);
  }

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

  #guessKey(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.lab.check();
    else if (event.key === "ArrowDown" || event.key === "PageDown") this.lab.move(1);
    else if (event.key === "ArrowUp" || event.key === "PageUp") this.lab.move(-1);
    else if (event.key === "Escape") this.guess.value = "";
    else return;
    event.preventDefault();
  }

  #key(event) {
    if (event.target === this.guess || event.altKey || event.ctrlKey || event.metaKey) return;
    const columns = this.size[1];
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (!this.steps) {
      this.#choiceKey(event, moves);
      return;
    }
    if (event.key in moves) {
      const wanted = this.lab.step - this.part.first + moves[event.key];
      if (wanted >= 0 && wanted < this.cells.length) this.lab.go(this.part.first + wanted);
      this.focus();
    } else if (event.key === "Enter" && this.lab.predicting) this.lab.move(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choiceKey(event, moves) {
    const { pick } = this.lab;
    if (!this.part.pick || pick === null || pick[0] !== this.name || !(event.key in moves)) return;
    const wanted = pick[1] + moves[event.key];
    if (wanted >= 0 && wanted < this.cells.length) {
      this.lab.choose(this.name, wanted);
      this.cells[wanted].focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
