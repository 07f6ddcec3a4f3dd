// A grid of numbers that the learner types into. It holds texts; what they mean is judged in Python, cell by cell.

import { fill } from "../lib/words.js";
import { fullNumber, isDrawn, MINUS, make, setAttribute, setText, tint } from "./format.js";
import { frameAround, markCell } from "./marks.js";

// Split a pasted block into rows of cell texts: spreadsheets (tabs), CSV, links (0,1;2,3), lists of Python, NumPy, PyTorch.
function splitBlock(text) {
  const unwrapped = halfWidth(text)
    .replace(/,?\s*(dtype|device)=[\w.:'"]+/g, "")
    .replace(/\]\s*,?\s*\[/g, "\n")
    .replace(/[[\]()]|array|tensor/g, "")
    .replace(/\r\n?/g, "\n");
  let lines = unwrapped.split("\n").filter((line) => line.trim() !== "");
  // One line with semicolons and commas is a matrix as links write it; more lines with semicolons are a European CSV,
  // where the comma belongs to the number.
  if (lines.length === 1 && lines[0].includes(";") && !lines[0].includes("\t")) {
    lines = lines[0].split(";").filter((line) => line.trim() !== "");
  }
  return lines
    .map((line) => {
      if (line.includes("\t")) return line.split("\t");
      const trimmed = line.trim();
      if (trimmed.includes(";")) return trimmed.split(";");
      // 1,5 2,5: where spaces part the numbers and no comma stands beside one, the commas belong to the numbers.
      if (/\s/.test(trimmed) && !/,\s|\s,/.test(trimmed)) return trimmed.split(/\s+/);
      if (/\s/.test(trimmed)) return trimmed.split(/[\s,]+(?=\S)/).map((cell) => cell.replace(/,$/, ""));
      return trimmed.split(",");
    })
    .map((row) => row.map((cell) => cell.trim()));
}

// Digits, commas and signs as East Asian keyboards write them, as all others do: １，２ -> 1,2
function halfWidth(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3001/g, ",")
    .replace(/\u3000/g, " ");
}

export class TypedBoard {
  // `name` is the board's key in the scene; `lab` is the GridLab that it is a part of.
  constructor(name, lab) {
    this.name = name;
    this.lab = lab;
    this.shape = "";
    this.texts = [];
    this.values = [];
    this.errors = new Map();
    this.active = [0, 0];
    this.sizes = ["rows", "columns"].map((axis) => this.#sizeField(axis));
    this.title = make("span", "name");
    this.head = make("div", "head", {}, [this.title, this.sizes[0], make("span", "times", {}, ["×"]), this.sizes[1]]);
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
      return Math.min(limits[axis], Math.max(1, size));
    });
    this.sizes.forEach((field, axis) => {
      field.value = wanted[axis];
    });
    if (wanted[0] !== this.size[0] || wanted[1] !== this.size[1]) this.lab.resize(this.part.stack, wanted);
  }

  // Take what Python says of the board; the texts only when it changed them itself (`renew`).
  take(part, renew) {
    const { padding, padded, beyond } = part;
    this.part = part;
    const rows = part.values.length;
    const columns = part.values[0].length;
    const shape = `${rows} ${columns} ${padding} ${beyond} ${part.title} ${part.label} ${part.resizable}`;
    this.values = part.values;
    this.size = [rows, columns];
    if (renew || this.texts.length !== rows || this.texts[0].length !== columns) {
      this.texts = part.texts.map((row) => [...row]);
    }
    if (shape !== this.shape) {
      this.shape = shape;
      this.padding = padding;
      this.columns = columns + 2 * padding + beyond[1]; // of the grid as it is drawn
      this.#build(rows, columns);
    }
    // A mark belongs to the text that was judged: a newer text in the cell waits for its own answer.
    this.errors = new Map(
      part.errors
        .filter((error) => this.texts[error.row][error.column] === error.text)
        .map((error) => [`${error.row},${error.column}`, error.why]),
    );
    this.padded = padded;
    this.element.dataset.look = part.look;
    this.element.dataset.stack = part.stack;
    if (part.tone) this.element.dataset.tone = part.tone;
    setText(this.caption, part.caption ?? "");
    this.#draw();
  }

  // The number in a cell of the padded grid, counted row by row.
  at(cell) {
    const grid = this.padded ?? this.values;
    const columns = grid[0].length;
    return grid[Math.floor(cell / columns)][cell % columns];
  }

  // A number as it was typed (1/9 rather than 0.111), where a cell is a typed one.
  textAt(cell) {
    const [row, column] = this.placeOf(cell);
    const text = this.texts[row]?.[column];
    const isNumber = text !== undefined && !this.errors.has(`${row},${column}`);
    return isNumber ? text.replace("-", MINUS) : fullNumber(this.at(cell));
  }

  // The row and column of a cell of the grid as it is drawn, counted from the first typed one.
  placeOf(cell) {
    return [Math.floor(cell / this.columns) - this.padding, (cell % this.columns) - this.padding];
  }

  isOutside(cell) {
    const [row, column] = this.placeOf(cell);
    return row < 0 || column < 0 || row >= this.size[0] || column >= this.size[1];
  }

  // Whether a cell lies behind the padding, where nothing is.
  isBeyond(cell) {
    const [row, column] = this.placeOf(cell);
    return row >= this.size[0] + this.padding || column >= this.size[1] + this.padding;
  }

  // What stands in a cell in place of its number; null where the number does.
  standIn(cell) {
    return this.isOutside(cell) ? this.part.outside : null;
  }

  // The same number elsewhere: where the padding repeats an input cell, all cells that hold it.
  copies(cell) {
    const source = this.part.sources?.flat()[cell];
    if (source === undefined || source < 0) return [cell];
    return this.part.sources.flat().flatMap((other, index) => (other === source ? [index] : []));
  }

  #build(rows, columns) {
    const { words } = this.lab.data;
    const { title, label, limits, resizable } = this.part;
    const refocus = this.board.contains(this.lab.root.activeElement);
    this.active = [Math.min(this.active[0], rows - 1), Math.min(this.active[1], columns - 1)];
    setText(this.title, title);
    this.board.setAttribute("aria-label", fill(words.grid_label, { name: label, rows, columns }));
    this.board.style.setProperty("--columns", this.columns);
    this.sizes.forEach((field, axis) => {
      // A size that is just being typed is not replaced by the answer to the one before.
      if (field !== this.lab.root.activeElement) field.value = [rows, columns][axis];
      field.max = limits[axis];
      field.hidden = !resizable;
      field.setAttribute("aria-label", fill(words[`size_${field.dataset.axis}`], { name: title }));
    });
    this.head.querySelector(".times").hidden = !resizable;
    this.cells = [];
    const lines = [];
    const [below, behind] = this.part.beyond;
    for (let y = -this.padding; y < rows + this.padding + below; y += 1) {
      const line = make("div", "row", { role: "row" });
      const cells = [];
      for (let x = -this.padding; x < columns + this.padding + behind; x += 1) {
        const outside = y < 0 || x < 0 || y >= rows || x >= columns;
        const beyond = y >= rows + this.padding || x >= columns + this.padding;
        const cell = make("div", beyond ? "cell beyond" : outside ? "cell padding" : "cell", { role: "gridcell" });
        if (outside) cell.append(make("span", "number"));
        else cell.append(this.#field(y, x));
        cell.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "mouse") return;
          this.lab.hover({ board: this.name, cell: (y + this.padding) * this.columns + x + this.padding });
        });
        cell.addEventListener("pointerleave", () => this.lab.hover(null));
        cells.push(cell);
        line.append(cell);
      }
      this.cells.push(cells);
      lines.push(line);
    }
    this.board.replaceChildren(...lines);
    this.#rove();
    if (refocus) this.focus(...this.active);
  }

  #field(row, column) {
    const { words, characters } = this.lab.data;
    const field = make("input", "number", {
      type: "text",
      maxlength: characters,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "next",
      "aria-label": fill(words.cell_label, { name: this.part.label, row: row + 1, column: column + 1 }),
    });
    field.dataset.row = row;
    field.dataset.column = column;
    field.addEventListener("focus", () => {
      this.active = [row, column];
      this.leaving = false;
      this.cell(row, column).drawn = null; // the field is about to hold the whole text
      this.#rove();
      if (this.part.first !== null) this.lab.go(this.part.first + row * this.size[1] + column);
      field.value = this.texts[row][column];
      field.select();
      this.lab.say();
    });
    field.addEventListener("input", () => {
      this.texts[row][column] = field.value;
      this.errors.delete(`${row},${column}`);
      this.#draw();
      this.lab.edited(this.part.stack);
    });
    field.addEventListener("blur", () => {
      this.#drawCell(row, column);
      this.lab.say();
    });
    return field;
  }

  cell(row, column) {
    return this.cells[row + this.padding][column + this.padding];
  }

  focus(row, column) {
    const field = this.cell(row, column).querySelector("input");
    field.focus();
    field.select();
  }

  // One cell of the grid is in the page's tab order; arrow keys, Tab and Enter move within.
  #rove() {
    for (let row = 0; row < this.size[0]; row += 1) {
      for (let column = 0; column < this.size[1]; column += 1) {
        const here = row === this.active[0] && column === this.active[1];
        this.cell(row, column).firstChild.tabIndex = here ? 0 : -1;
      }
    }
  }

  #key(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const [row, column] = this.active;
    const [rows, columns] = this.size;
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const flat = row * columns + column + (event.shiftKey ? -1 : 1);
    let next = null;
    if (event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey)) next = [row - 1, column];
    else if (event.key === "ArrowDown" || event.key === "Enter") next = [row + 1, column];
    else if (event.key === "ArrowLeft" && !event.shiftKey && (all || field.selectionEnd === 0))
      next = [row, column - 1];
    else if (event.key === "ArrowRight" && !event.shiftKey && (all || field.selectionStart === field.value.length))
      next = [row, column + 1];
    else if (event.key === "Tab" && !this.leaving && flat >= 0 && flat < rows * columns)
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

  // The first Escape brings the last good value back, the next lets Tab leave the grid.
  #restore(row, column, field) {
    if (this.errors.has(`${row},${column}`)) {
      this.texts[row][column] = String(this.values[row][column]);
      this.errors.delete(`${row},${column}`);
      field.value = this.texts[row][column];
      this.#draw();
      this.lab.edited(this.part.stack);
    } else this.leaving = true;
    field.select();
  }

  #paste(event) {
    const block = splitBlock(event.clipboardData.getData("text"));
    const height = block.length;
    const width = Math.max(0, ...block.map((line) => line.length));
    if (height === 0 || (height === 1 && width === 1)) return; // one value: the browser's own paste
    event.preventDefault();
    const [top, left] = this.active;
    const [rows, columns] = this.size;
    const { words, characters } = this.lab.data;
    block.slice(0, rows - top).forEach((line, y) => {
      line.slice(0, columns - left).forEach((text, x) => {
        this.texts[top + y][left + x] = text.slice(0, characters);
        this.errors.delete(`${top + y},${left + x}`);
      });
    });
    const taken = [Math.min(height, rows - top), Math.min(width, columns - left)];
    const clipped = taken[0] < height || taken[1] < width;
    this.#draw();
    this.lab.edited(this.part.stack);
    // An edit takes the last remark away; this one is about the edit.
    this.lab.remark(clipped ? fill(words.clipped, { height, width, rows: taken[0], columns: taken[1] }) : "");
    this.focus(top, left);
  }

  #draw() {
    this.scale = this.part.scale;
    for (let row = 0; row < this.size[0]; row += 1) {
      for (let column = 0; column < this.size[1]; column += 1) this.#drawCell(row, column);
    }
    if (this.padding > 0 || this.part.beyond.some((count) => count > 0)) this.#drawPadding();
  }

  #drawCell(row, column) {
    const cell = this.cell(row, column);
    const field = cell.firstChild;
    const value = this.values[row][column];
    const text = this.texts[row][column];
    const why = this.errors.get(`${row},${column}`);
    const focused = this.lab.root.activeElement === field;
    if (!focused && isDrawn(cell, `${text} ${why} ${value} ${this.scale} ${this.lab.version}`)) return;
    if (focused) cell.drawn = null;
    if (focused) {
      if (field.value !== text) field.value = text;
    } else {
      const write = (shown) => {
        if (field.value !== shown) field.value = shown;
      };
      if (why === undefined) this.lab.fit(cell, write, text.replace("-", MINUS), value);
      else write(text);
    }
    cell.classList.toggle("bad", why !== undefined);
    setAttribute(field, "aria-invalid", why === undefined ? null : "true");
    setAttribute(cell, "title", why ?? (text.length > this.lab.longRoom ? fullNumber(value) : null));
    tint(cell, value, this.scale);
  }

  #drawPadding() {
    const { words } = this.lab.data;
    const { mode } = this.part;
    this.cells.forEach((line, y) =>
      line.forEach((cell, x) => {
        if (cell.classList.contains("beyond")) setAttribute(cell, "title", words.beyond_title);
        if (!cell.classList.contains("padding")) return;
        const { outside } = this.part;
        const value = this.padded[y][x];
        if (isDrawn(cell, `${outside} ${value} ${mode} ${this.scale} ${this.lab.version}`)) return;
        if (outside === null) this.lab.fit(cell, (text) => setText(cell.firstChild, text), fullNumber(value), value);
        else setText(cell.firstChild, outside);
        setAttribute(cell, "title", fill(words.padding_title, { value: outside ?? fullNumber(value), mode }));
        tint(cell, value, this.scale);
      }),
    );
  }

  redraw() {
    if (this.size) this.#draw();
  }

  // What the step says about the cells: which are read, with which weight, which are pointed at, won, or hinted at.
  mark(looks) {
    this.cells.forEach((line, y) => line.forEach((cell, x) => markCell(cell, looks?.get(y * this.columns + x))));
    frameAround(this.frame, looks, this.columns, this.lab.cell);
  }
}
