// The sum of one output cell, written out in the window's own rows: input × weight, row by row, bias, total.

class SumView {
  constructor(lab) {
    this.lab = lab;
    this.shape = "";
    this.title = make("div", "title");
    this.terms = make("div", "terms", { role: "table" });
    this.total = make("div", "total");
    this.element = make("section", "sum", { "aria-live": "off" }, [this.title, this.terms, this.total]);
  }

  take(data) {
    const [rows, columns] = [data.weights.length, data.weights[0].length];
    const shape = `${rows} ${columns}`;
    this.scales = {
      input: largest(data.padded.flat()),
      weight: largest(data.weights.flat()),
      product: largest(data.products.flat()),
      total: largest(data.totals),
    };
    this.terms.setAttribute("aria-label", data.words.sum_label);
    if (shape === this.shape) return;
    this.shape = shape;
    this.#build(rows, columns);
  }

  #build(rows, columns) {
    this.terms.style.setProperty("--columns", columns);
    this.element.dataset.wide = columns > 4 ? "yes" : "no";
    this.chips = [];
    this.rowSums = [];
    const lines = [];
    for (let row = 0; row < rows; row += 1) {
      const line = make("div", "row", { role: "row" });
      for (let column = 0; column < columns; column += 1) {
        const chip = {
          x: make("span", "chip input"), w: make("span", "chip weight"), product: make("span", "chip product"),
        };
        const sign = make("span", "sign", {}, [column > 0 || row > 0 ? "+" : ""]);
        chip.term = make("span", "term", { role: "cell" }, [
          sign, make("span", "pair", {}, [chip.x, make("span", "by", {}, ["×"]), chip.w]), make("span", "is", {}, ["="]), chip.product,
        ]);
        chip.term.addEventListener("pointerenter", () => this.lab.hover({ kind: "term", row, column }));
        chip.term.addEventListener("pointerleave", () => this.lab.hover(null));
        this.chips.push(chip);
        line.append(chip.term);
      }
      const rowSum = make("span", "chip product");
      this.rowSums.push(rowSum);
      line.append(make("span", "row-sum", { role: "cell" }, [make("span", "brace", { "aria-hidden": "true" }), rowSum]));
      lines.push(line);
    }
    this.terms.replaceChildren(...lines);
    this.parts = Array.from({ length: rows }, () => make("span", "chip product"));
    this.bias = make("span", "chip bias");
    this.biasName = make("span", "bias-name");
    this.result = make("span", "chip result");
    const pieces = [];
    this.parts.forEach((part, index) => pieces.push(...(index > 0 ? [make("span", "sign", {}, ["+"])] : []), part));
    pieces.push(make("span", "sign", {}, ["+"]), this.biasName, this.bias, make("span", "sign", {}, ["="]), this.result);
    this.total.replaceChildren(...pieces);
  }

  // A chip: the number in its colour; `null` hides a number that is still to be predicted.
  #chip(element, value, scale, room) {
    if (value === null) {
      setText(element, "?");
      clearTint(element);
      setAttribute(element, "title", null);
      return;
    }
    setText(element, shortNumber(value, room));
    setAttribute(element, "title", fullNumber(value));
    tint(element, value, scale);
  }

  draw() {
    const { lab, scales } = this;
    const { data, shown } = lab;
    this.element.classList.toggle("idle", data.refusal !== null);
    if (data.refusal !== null) {
      setText(this.title, data.words.sum_refused);
      return;
    }
    const known = lab.isVisible(shown) || !lab.predicting;
    const place = lab.place(shown);
    setText(this.title, fill(data.words.sum_title, place));
    const taps = lab.taps(shown);
    const products = data.products[shown];
    const pointed = lab.pointedTerm();
    const hinted = lab.hintedTerms();
    this.chips.forEach((chip, index) => {
      const [y, x] = taps[index];
      const columns = data.weights[0].length;
      const value = data.padded[y][x];
      const weight = data.weights[Math.floor(index / columns)][index % columns];
      this.#chip(chip.x, value, scales.input, 6);
      chip.x.classList.toggle("padding", data.is_padding[y][x] === 1);
      this.#weight(chip.w, weight, lab.weightText(Math.floor(index / columns), index % columns));
      this.#chip(chip.product, known ? products[index] : null, scales.product, 6);
      chip.term.classList.toggle("nothing", known && products[index] === 0);
      chip.term.classList.toggle("pointed", index === pointed);
      chip.term.classList.toggle("hinted", hinted.has(index));
    });
    const sums = data.row_sums[shown];
    this.rowSums.forEach((chip, row) => this.#chip(chip, known ? sums[row] : null, scales.product, 7));
    this.parts.forEach((chip, row) => this.#chip(chip, known ? sums[row] : null, scales.product, 7));
    setText(this.biasName, data.words.bias);
    this.#chip(this.bias, data.bias, Math.max(scales.product, Math.abs(data.bias)), 7);
    this.#chip(this.result, known ? data.totals[shown] : null, scales.total, 10);
  }

  #weight(element, weight, text) {
    setText(element, text.length <= 6 ? text : shortNumber(weight, 6));
    setAttribute(element, "title", fullNumber(weight));
    tint(element, weight, this.scales.weight);
  }
}
