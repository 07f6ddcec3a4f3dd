// A grid of numbers that the learner types into. It holds texts; what they mean is judged in Python, cell by cell.

import { clearTint, tint } from "../lib/colours.js";
import { make, setAttribute, setText } from "../lib/dom.js";
import { isShortcut } from "../lib/keys.js";
import { clamp, fullNumber, MINUS } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { frameAround, isDrawn, markCell } from "./marks.js";
import { splitBlock } from "./pasted.js";
import { nameCell, sizeInCell, symbolOf } from "./symbols.js";

/** @import { GridLab, Offer } from "./grid_lab.js" */
/** @import { CellLook, Drawn, TypedPart } from "./types.d.ts" */

export class TypedBoard {
  #shape = "";
  #typing = false; // whether something was typed into the cell that has the focus
  /** @type {Drawn[][]} as it is drawn, padding included */
  #cells = [];
  #padding = 0;
  #columns = 0; // of the grid as it is drawn
  /** @type {[row: number, column: number]} the cell that has the focus, or had it last */
  #active = [0, 0];
  /** @type {string[][]} what is typed */
  texts = [];
  /** @type {Map<string, string>} why a text is no number, by "row,column" */
  errors = new Map();

  /**
   * @param {string} name the board's key in the scene
   * @param {TypedPart} part what Python says of it
   * @param {GridLab} lab that it is a part of
   */
  constructor(name, part, lab) {
    this.name = name;
    this.part = part;
    this.lab = lab;
    /** @type {[rows: number, columns: number]} */
    this.size = [0, 0];
    this.sizes = ["rows", "columns"].map((axis) => this.#sizeField(axis));
    this.title = make("span", "name");
    this.times = make("span", "times", {}, ["×"]);
    this.head = make("div", "head", {}, [this.title, this.sizes[0], this.times, this.sizes[1]]);
    this.board = make("div", "board", { role: "grid" });
    this.frame = make("div", "frame", { "aria-hidden": "true", hidden: "" });
    this.body = make("div", "body", {}, [this.board, this.frame]);
    this.caption = make("p", "note");
    this.element = make("section", "matrix typed", {}, [
      this.head,
      make("div", "scroller", {}, [this.body]),
      this.caption,
    ]);
    this.board.addEventListener("paste", (event) => this.#paste(event));
    this.board.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {string} axis */
  #sizeField(axis) {
    const field = make("input", "size", { type: "number", min: 1, step: 1 });
    field.addEventListener("change", () => this.#resize());
    field.addEventListener("keydown", (event) => event.stopPropagation());
    field.dataset.axis = axis;
    return field;
  }

  #resize() {
    const limits = this.part.limits;
    const wanted = this.sizes.map((field, axis) => {
      const asked = Math.round(Number(field.value));
      const size = field.value.trim() === "" || !Number.isFinite(asked) ? this.size[axis] : asked;
      return clamp(size, 1, limits[axis]);
    });
    const told = this.sizes.map((field, axis) => {
      const [asked, used] = [field.value.trim(), String(wanted[axis])];
      field.value = used;
      if (asked === "" || Number(asked) === wanted[axis]) return "";
      const word = this.lab.data.words[`range_${field.dataset.axis}`];
      return fill(word, { name: this.part.title, most: limits[axis], asked, used });
    });
    const remark = told.filter((each) => each !== "").join(" ");
    const [rows, columns] = wanted;
    if (rows !== this.size[0] || columns !== this.size[1]) this.lab.resize(this.part.stack, rows, columns, { remark });
    else if (remark !== "") this.lab.remark(remark);
  }

  /**
   * Take what Python says of the board; the texts only when it changed them itself (`renew`).
   *
   * @param {TypedPart} part
   * @param {boolean} renew
   */
  take(part, renew) {
    const { padding, beyond } = part;
    this.part = part;
    const rows = part.values.length;
    const columns = part.values[0].length;
    const shape = `${rows} ${columns} ${padding} ${beyond} ${part.title} ${part.label} ${part.resizable}`;
    this.size = [rows, columns];
    if (renew || this.texts.length !== rows || this.texts[0].length !== columns) {
      this.texts = part.texts.map((row) => [...row]);
    }
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#padding = padding;
      this.#columns = columns + 2 * padding + beyond[1]; // of the grid as it is drawn
      this.#build(rows, columns);
    }
    // A mark belongs to the text that was judged: a newer text in the cell waits for its own answer.
    this.errors = new Map(
      part.errors
        .filter((error) => this.texts[error.row][error.column] === error.text)
        .map((error) => [`${error.row},${error.column}`, error.why]),
    );
    this.element.dataset.look = part.look;
    this.element.dataset.stack = part.stack;
    if (part.tone) this.element.dataset.tone = part.tone;
    setText(this.caption, part.caption ?? "");
    this.#draw();
  }

  // Why what is being typed is no number, or else the first text that is none; undefined where all are numbers.
  get complaint() {
    return this.errors.get(this.#active.join(",")) ?? this.errors.values().next().value;
  }

  /**
   * The number in a cell of the padded grid, counted row by row.
   *
   * @param {number} cell
   */
  at(cell) {
    const { padded } = this.part;
    const columns = padded[0].length;
    return padded[Math.floor(cell / columns)][cell % columns];
  }

  /**
   * @param {number} cell of the padded grid
   * @returns {HTMLElement | undefined}
   */
  elementAt(cell) {
    return this.#cells[Math.floor(cell / this.#columns)]?.[cell % this.#columns];
  }

  /**
   * A number as it was typed (1/9 rather than 0.111), where a cell is a typed one.
   *
   * @param {number} cell
   */
  textAt(cell) {
    const [row, column] = this.placeOf(cell);
    const text = this.texts[row]?.[column];
    const isNumber = text !== undefined && !this.errors.has(`${row},${column}`);
    return isNumber ? text.replace("-", MINUS) : fullNumber(this.at(cell));
  }

  /**
   * What a cell is called; null where names are not shown, and for a number that is no cell's: a zero of the padding.
   *
   * @param {number} cell
   */
  symbolAt(cell) {
    const letter = this.lab.data.symbols?.letters[this.name];
    if (letter === undefined) return null;
    if (!this.isOutside(cell)) return symbolOf(letter, ...this.placeOf(cell));
    const source = this.part.sources?.flat()[cell] ?? -1;
    return source < 0 ? null : symbolOf(letter, Math.floor(source / this.size[1]), source % this.size[1]);
  }

  /**
   * The row and column of a cell of the grid as it is drawn, counted from the first typed one.
   *
   * @param {number} cell
   * @returns {[row: number, column: number]}
   */
  placeOf(cell) {
    return [Math.floor(cell / this.#columns) - this.#padding, (cell % this.#columns) - this.#padding];
  }

  /** @param {number} cell */
  isOutside(cell) {
    const [row, column] = this.placeOf(cell);
    return row < 0 || column < 0 || row >= this.size[0] || column >= this.size[1];
  }

  /**
   * Whether a cell lies behind the padding, where nothing is.
   *
   * @param {number} cell
   */
  isBeyond(cell) {
    const [row, column] = this.placeOf(cell);
    return row >= this.size[0] + this.#padding || column >= this.size[1] + this.#padding;
  }

  /**
   * What stands in a cell in place of its number; null where the number does.
   *
   * @param {number} cell
   */
  standIn(cell) {
    return this.isOutside(cell) ? this.part.outside : null;
  }

  /**
   * The same number elsewhere: where the padding repeats an input cell, all cells that hold it.
   *
   * @param {number} cell
   */
  copies(cell) {
    const sources = this.part.sources?.flat() ?? [];
    const source = sources[cell];
    if (source === undefined || source < 0) return [cell];
    return sources.flatMap((other, index) => (other === source ? [index] : []));
  }

  /**
   * @param {number} rows
   * @param {number} columns
   */
  #build(rows, columns) {
    const { words } = this.lab.data;
    const { title, label, limits, resizable } = this.part;
    const refocus = this.board.contains(this.lab.root.activeElement);
    this.#active = [Math.min(this.#active[0], rows - 1), Math.min(this.#active[1], columns - 1)];
    setText(this.title, title);
    this.board.setAttribute("aria-label", fill(words.grid_label, { name: label, rows, columns }));
    this.board.style.setProperty("--columns", String(this.#columns));
    this.sizes.forEach((field, axis) => {
      // A size that is just being typed is not replaced by the answer to the one before.
      if (field !== this.lab.root.activeElement) field.value = String([rows, columns][axis]);
      field.max = String(limits[axis]);
      field.hidden = !resizable;
      field.setAttribute("aria-label", fill(words[`size_${field.dataset.axis}`], { name: title }));
    });
    this.times.hidden = !resizable;
    this.#cells = [];
    const lines = [];
    const [below, behind] = this.part.beyond;
    for (let y = -this.#padding; y < rows + this.#padding + below; y += 1) {
      const line = make("div", "row", { role: "row" });
      const cells = [];
      for (let x = -this.#padding; x < columns + this.#padding + behind; x += 1) {
        const outside = y < 0 || x < 0 || y >= rows || x >= columns;
        const beyond = y >= rows + this.#padding || x >= columns + this.#padding;
        const cell = make("div", beyond ? "cell beyond" : outside ? "cell padding" : "cell", { role: "gridcell" });
        if (outside) cell.append(make("span", "number"));
        else cell.append(this.#field(y, x));
        cell.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "mouse") return;
          this.lab.hover({ board: this.name, cell: (y + this.#padding) * this.#columns + x + this.#padding });
        });
        cell.addEventListener("pointerleave", () => this.lab.hover(null));
        cells.push(cell);
        line.append(cell);
      }
      this.#cells.push(cells);
      lines.push(line);
    }
    this.board.replaceChildren(...lines);
    this.#rove();
    if (refocus) this.focus(...this.#active);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #field(row, column) {
    const field = make("input", "number", {
      type: "text",
      maxlength: this.lab.data.characters,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "next",
    });
    field.dataset.row = String(row);
    field.dataset.column = String(column);
    field.addEventListener("focus", () => {
      this.#active = [row, column];
      this.#typing = false;
      this.#cell(row, column).drawn = null; // the field is about to hold the whole text
      this.#rove();
      if (this.part.first !== null) this.lab.go(this.part.first + row * this.size[1] + column);
      field.value = this.texts[row][column];
      field.select();
      this.lab.say();
    });
    field.addEventListener("input", () => {
      this.#typing = true;
      this.texts[row][column] = field.value;
      this.errors.delete(`${row},${column}`);
      this.#draw();
      this.lab.edited();
    });
    field.addEventListener("blur", () => {
      // A field that is taken away, as the matrix gets smaller, loses the focus too.
      if (this.#cells[row + this.#padding]?.[column + this.#padding]) this.#drawCell(row, column);
      this.lab.say();
    });
    return field;
  }

  /**
   * A cell that is typed into.
   *
   * @param {number} row
   * @param {number} column
   */
  #cell(row, column) {
    return this.#cells[row + this.#padding][column + this.#padding];
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #fieldOf(row, column) {
    return /** @type {HTMLInputElement} */ (this.#cell(row, column).firstChild);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  focus(row, column) {
    const field = this.#fieldOf(row, column);
    field.focus();
    field.select();
  }

  // One cell of the grid is in the page's tab order; arrow keys and Enter move within, and so does Tab while somebody types.
  #rove() {
    for (let row = 0; row < this.size[0]; row += 1) {
      for (let column = 0; column < this.size[1]; column += 1) {
        const here = row === this.#active[0] && column === this.#active[1];
        this.#fieldOf(row, column).tabIndex = here ? 0 : -1;
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || isShortcut(event)) return;
    const [row, column] = this.#active;
    const [rows, columns] = this.size;
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const flat = row * columns + column + (event.shiftKey ? -1 : 1);
    /** @type {[row: number, column: number]} */
    let next;
    if (event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey)) next = [row - 1, column];
    else if (event.key === "ArrowDown" || event.key === "Enter") next = [row + 1, column];
    else if (event.key === "ArrowLeft" && !event.shiftKey && (all || field.selectionEnd === 0))
      next = [row, column - 1];
    else if (event.key === "ArrowRight" && !event.shiftKey && (all || field.selectionStart === field.value.length))
      next = [row, column + 1];
    else if (event.key === "Tab" && this.#typing && flat >= 0 && flat < rows * columns)
      next = [Math.floor(flat / columns), flat % columns];
    else if (event.key === "Escape") {
      event.preventDefault();
      this.#restore(row, column, field);
      return;
    } else return;
    event.preventDefault();
    // At the bottom, Enter goes on at the top of the next column, as in a form that is filled column by column.
    if (event.key === "Enter" && !event.shiftKey && next[0] >= rows && column + 1 < columns) next = [0, column + 1];
    if (next[0] >= 0 && next[1] >= 0 && next[0] < rows && next[1] < columns) this.focus(...next);
    else field.select();
  }

  /**
   * Escape brings the last good value back, and lets Tab leave the grid.
   *
   * @param {number} row
   * @param {number} column
   * @param {HTMLInputElement} field
   */
  #restore(row, column, field) {
    if (this.errors.has(`${row},${column}`)) {
      this.texts[row][column] = String(this.part.values[row][column]);
      this.errors.delete(`${row},${column}`);
      field.value = this.texts[row][column];
      this.#draw();
      this.lab.edited();
    }
    this.#typing = false;
    field.select();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const block = splitBlock(event.clipboardData?.getData("text") ?? "");
    const height = block.length;
    const width = Math.max(0, ...block.map((line) => line.length));
    if (height === 0 || (height === 1 && width === 1)) return; // one value: the browser's own paste
    event.preventDefault();
    const [top, left] = this.#active;
    const [rows, columns] = this.size;
    const { words, characters } = this.lab.data;
    block.slice(0, rows - top).forEach((line, y) => {
      line.slice(0, columns - left).forEach((text, x) => {
        this.texts[top + y][left + x] = [...text].slice(0, characters).join("");
        this.errors.delete(`${top + y},${left + x}`);
      });
    });
    const taken = [Math.min(height, rows - top), Math.min(width, columns - left)];
    const clipped = taken[0] < height || taken[1] < width;
    this.#draw();
    this.lab.edited();
    // An edit takes the last remark away; this one is about the edit.
    const fit = this.#fitted(block, height, width);
    if (clipped) this.lab.remark(fill(words.clipped, { height, width, rows: taken[0], columns: taken[1] }), fit);
    else this.lab.remark(fit === null ? "" : fill(words.pasted, { height, width }), fit);
    this.focus(top, left);
  }

  /**
   * The wish to have the grid be as large as a block that was pasted into its corner; null where it is, or cannot be.
   *
   * @param {string[][]} block
   * @param {number} height
   * @param {number} width
   * @returns {Offer | null}
   */
  #fitted(block, height, width) {
    const { resizable, limits, stack, index } = this.part;
    const isInCorner = this.#active.every((place) => place === 0);
    const isWhole = block.every((line) => line.length === width);
    const isAsLarge = height === this.size[0] && width === this.size[1];
    if (!resizable || !isInCorner || !isWhole || isAsLarge || height > limits[0] || width > limits[1]) return null;
    return {
      label: fill(this.lab.data.words.fit, { height, width }),
      act: () => {
        this.lab.resize(stack, height, width, { filled: { index, texts: block } });
        this.focus(0, 0);
      },
    };
  }

  #draw() {
    for (let row = 0; row < this.size[0]; row += 1) {
      for (let column = 0; column < this.size[1]; column += 1) this.#drawCell(row, column);
    }
    if (this.#padding > 0 || this.part.beyond.some((count) => count > 0)) this.#drawPadding();
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #drawCell(row, column) {
    const cell = this.#cell(row, column);
    const field = this.#fieldOf(row, column);
    const value = this.part.values[row][column];
    const text = this.texts[row][column];
    const why = this.errors.get(`${row},${column}`);
    const focused = this.lab.root.activeElement === field;
    if (!focused && isDrawn(cell, `${text} ${why} ${value} ${this.part.scale} ${this.lab.version}`)) return;
    if (focused) cell.drawn = null;
    const symbol = this.symbolAt((row + this.#padding) * this.#columns + column + this.#padding);
    // A letter gives way to its number while that is typed, and to what is not a number.
    const bare = symbol !== null && !this.lab.showsNumbers && !focused && why === undefined;
    const write = (/** @type {string} */ shown) => {
      if (field.value !== shown) field.value = shown;
    };
    nameCell(cell, bare ? null : symbol);
    cell.style.fontSize = bare ? sizeInCell(symbol, this.lab.longRoom, this.lab.cell[0]) : "";
    if (bare) {
      this.lab.fitSymbol(cell, symbol);
      write(symbol);
    } else if (focused || why !== undefined) write(text);
    else this.lab.fit(cell, write, text.replace("-", MINUS), value);
    cell.classList.toggle("bad", why !== undefined);
    const name = this.lab.named(this.part.label, symbol);
    setAttribute(field, "aria-label", fill(this.lab.data.words.cell_label, { name, row: row + 1, column: column + 1 }));
    setAttribute(field, "aria-invalid", why === undefined ? null : "true");
    const number = text.length > this.lab.longRoom ? fullNumber(value) : null;
    setAttribute(cell, "title", why ?? (symbol === null ? number : `${symbol} = ${text.replace("-", MINUS)}`));
    if (bare) clearTint(cell);
    else tint(cell, value, this.part.scale);
  }

  #drawPadding() {
    const { words } = this.lab.data;
    const { mode } = this.part;
    this.#cells.forEach((line, y) =>
      line.forEach((cell, x) => {
        if (cell.classList.contains("beyond")) setAttribute(cell, "title", words.beyond_title);
        if (!cell.classList.contains("padding")) return;
        const { outside } = this.part;
        const value = this.part.padded[y][x];
        if (isDrawn(cell, `${outside} ${value} ${mode} ${this.part.scale} ${this.lab.version}`)) return;
        const number = cell.children[0];
        const symbol = this.symbolAt(y * this.#columns + x);
        const bare = symbol !== null && !this.lab.showsNumbers;
        nameCell(cell, bare ? null : symbol);
        if (bare) {
          this.lab.fitSymbol(cell, symbol);
          setText(number, symbol);
        } else if (outside === null) this.lab.fit(cell, (text) => setText(number, text), fullNumber(value), value);
        else setText(number, outside);
        setAttribute(cell, "title", fill(words.padding_title, { value: outside ?? fullNumber(value), mode }));
        if (bare) clearTint(cell);
        else tint(cell, value, this.part.scale);
      }),
    );
  }

  redraw() {
    this.#draw();
  }

  /**
   * What the step says about the cells: which are read, with which weight, which are pointed at, won, or hinted at.
   *
   * @param {Map<number, CellLook> | undefined} looks by cell
   */
  mark(looks) {
    this.#cells.forEach((line, y) => line.forEach((cell, x) => markCell(cell, looks?.get(y * this.#columns + x))));
    frameAround(this.frame, looks, this.#columns, this.lab.cell);
  }
}
