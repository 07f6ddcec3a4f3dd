// The output: cells fill as they are reached; in "predict" the current one takes the learner's answer.

class OutputGrid {
  constructor(lab) {
    this.lab = lab;
    this.shape = "";
    this.cells = [];
    this.title = make("span", "name");
    this.extent = make("span", "extent");
    this.board = make("div", "board", { role: "grid", "aria-readonly": "true" });
    this.body = make("div", "body", {}, [this.board]);
    this.refusal = make("p", "refusal", { role: "status" });
    this.element = make("section", "matrix output", {}, [
      make("div", "head", {}, [this.title, this.extent]),
      make("div", "scroller", {}, [this.body]),
      this.refusal,
    ]);
    this.guess = make("input", "guess", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "?" });
    this.guess.addEventListener("keydown", (event) => this.#guessKey(event));
    this.guess.addEventListener("focus", () => this.guess.select());
    this.board.addEventListener("keydown", (event) => this.#key(event));
  }

  take(data) {
    const rows = data.rows.length;
    const columns = data.columns.length;
    this.refusal.hidden = data.refusal === null;
    this.body.hidden = data.refusal !== null;
    setText(this.refusal, data.refusal ?? "");
    setText(this.title, data.words.output);
    setText(this.extent, data.refusal === null ? `${rows} × ${columns}` : "");
    this.board.setAttribute("aria-label", fill(data.words.grid_label, { name: data.words.output, rows, columns }));
    setAttribute(this.guess, "maxlength", String(data.limits.characters));
    this.scale = largest(data.totals);
    const shape = `${rows} ${columns}`;
    if (shape === this.shape) return;
    this.shape = shape;
    this.size = [rows, columns];
    this.#build(rows, columns);
  }

  #build(rows, columns) {
    this.board.style.setProperty("--columns", columns);
    this.cells = [];
    const lines = [];
    for (let row = 0; row < rows; row += 1) {
      const line = make("div", "row", { role: "row" });
      for (let column = 0; column < columns; column += 1) {
        const step = row * columns + column;
        const cell = make("div", "cell", { role: "gridcell", tabindex: -1 }, [make("span", "number")]);
        cell.addEventListener("pointerenter", (event) => {
          if (event.pointerType === "mouse") this.lab.hover({ kind: "output", step });
        });
        cell.addEventListener("pointerleave", () => this.lab.hover(null));
        cell.addEventListener("focus", () => this.lab.go(step));
        cell.addEventListener("click", () => {
          this.lab.go(step);
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

  // Focus follows the step: the cell itself, or the answer field where one is asked for.
  focus() {
    const cell = this.cells[this.lab.step];
    if (!cell) return;
    if (this.guess.parentNode === cell) this.guess.focus();
    else cell.focus();
  }

  draw() {
    const { lab } = this;
    const { data, step, shown } = lab;
    const focused = this.hasFocus;
    const fed = lab.fedOutputs();
    this.cells.forEach((cell, index) => {
      const total = data.totals[index];
      const visible = lab.isVisible(index);
      const answer = lab.predicting ? data.predict.answers[index] : undefined;
      let name = "cell";
      if (!visible) name += " empty";
      if (index === shown) name += " current";
      if (index === step && index !== shown) name += " resting";
      if (fed && fed.has(index)) name += " fed";
      if (answer) name += answer.right ? " right" : answer.revealed ? " revealed" : " wrong";
      // A step changes two or three of up to 484 cells.
      const look = `${name} ${index === step} ${lab.version}`;
      if (cell.dataset.look === look) return;
      cell.dataset.look = look;
      cell.className = name;
      if (visible) lab.fit(cell, (text) => setText(cell.firstChild, text), fullNumber(total), total);
      else setText(cell.firstChild, "");
      setAttribute(cell, "title", visible ? fullNumber(total) : null);
      if (visible) tint(cell, total, this.scale);
      else clearTint(cell);
      cell.tabIndex = index === step ? 0 : -1;
      const row = Math.floor(index / this.size[1]) + 1;
      const column = (index % this.size[1]) + 1;
      const words = visible ? data.words.output_cell : data.words.output_cell_empty;
      setAttribute(cell, "aria-label", fill(words, { row, column, value: fullNumber(total) }));
    });
    this.#placeGuess(focused);
  }

  #placeGuess(focused) {
    const { lab } = this;
    const cell = this.cells[lab.step];
    const asked = lab.predicting && cell && !lab.isVisible(lab.step);
    if (!asked) {
      const hadFocus = this.guess === lab.root.activeElement;
      this.guess.remove();
      if (hadFocus && cell) cell.focus();
      return;
    }
    const { words } = lab.data;
    setAttribute(this.guess, "aria-label", fill(words.guess_label, lab.place(lab.step)));
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
    if (event.key in moves) {
      const wanted = this.lab.step + moves[event.key];
      if (wanted >= 0 && wanted < this.cells.length) this.lab.go(wanted);
      this.focus();
    } else if (event.key === "Enter" && this.lab.predicting) this.lab.move(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
