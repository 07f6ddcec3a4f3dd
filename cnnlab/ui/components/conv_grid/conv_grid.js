// The whole component: what is looked at (step, hover, modes), and the talk with Python.

const REST = 400; // milliseconds that a step must rest before Python hears of it and writes it into the link

class ConvGrid {
  constructor(root, mount) {
    this.root = root;
    this.mount = mount;
    this.data = null;
    this.step = 0;
    this.all = false;
    this.predicting = false;
    this.pointed = null;
    this.sequence = 0;
    this.version = 0; // raised when numbers or sizes change, so that a step redraws only the cells that it touches
    this.room = 5;
    this.outbox = new Outbox();
    this.input = new EditableGrid("input", this);
    this.kernel = new EditableGrid("kernel", this);
    this.output = new OutputGrid(this);
    this.player = new Player(this);
    this.sum = new SumView(this);
    this.note = make("p", "note");
    this.kernel.element.append(this.note);
    this.status = make("p", "status", { role: "status" });
    this.score = make("p", "score");
    this.checkButton = this.#action(() => this.check());
    this.revealButton = this.#action(() => this.#guess({ reveal: true }));
    this.nextButton = this.#action(() => { this.move(1); this.output.focus(); });
    this.quiz = make("div", "quiz", {}, [this.checkButton, this.revealButton, this.nextButton, this.score]);
    this.stage = make("div", "stage", {}, [
      this.input.element, make("span", "operator", { "aria-hidden": "true" }, ["∗"]),
      this.kernel.element, make("span", "operator equals", { "aria-hidden": "true" }, ["="]),
      this.output.element,
    ]);
    this.lab = make("div", "lab", {}, [
      this.stage, make("div", "line", {}, [this.status, this.quiz]), this.player.element, this.sum.element,
    ]);
    this.lab.addEventListener("keydown", (event) => this.#key(event));
    mount.replaceChildren(this.lab);
    this.observer = new ResizeObserver(() => this.#layout());
    this.observer.observe(mount);
  }

  #action(act) {
    const button = make("button", "text", { type: "button" });
    button.addEventListener("click", act);
    return button;
  }

  // ---------------------------------------------------------------- what Python says

  update(data, send) {
    this.outbox.send = (name, value) => send(name, { revision: this.data.revision, ...value });
    const renew = this.data === null || data.revision !== this.data.revision;
    this.data = data;
    this.version += 1;
    if (renew) {
      this.player.stop();
      clearTimeout(this.resting);
      [this.step, this.all, this.predicting] = [data.step, data.all, data.predict.on];
      this.told = this.#position(this.settled ?? 0);
      this.remarked = "";
      this.pointed = null;
      this.rested();
    }
    this.step = Math.max(0, Math.min(this.step, this.steps - 1));
    this.lab.classList.toggle("compact", data.compact);
    this.#layout({ redraw: false });
    this.input.take(data.input, renew, data.padding, data.padded);
    this.kernel.take(data.kernel, renew, 0, null);
    this.output.take(data);
    this.sum.take(data);
    this.player.take(data);
    setText(this.note, data.note ?? "");
    for (const [button, word] of [[this.checkButton, "check"], [this.revealButton, "reveal"], [this.nextButton, "next"]]) {
      setText(button, data.words[word]);
    }
    this.draw();
    this.outbox.answered(data.answered);
  }

  // ---------------------------------------------------------------- what the learner does

  edited() {
    this.sequence += 1;
    this.remarked = "";
    this.rested();
    const { revision } = this.data;
    this.outbox.post("edit", { revision, input: this.input.texts, kernel: this.kernel.texts });
  }

  resize(name, [rows, columns]) {
    this.sequence += 1;
    this.rested();
    this.outbox.post("resize", { name, rows, columns });
  }

  go(step, { playing = false } = {}) {
    const wanted = Math.max(0, Math.min(step, this.steps - 1));
    if (!playing) this.player.stop();
    this.pointed = null;
    if (wanted !== this.step) {
      const follow = this.output.hasFocus;
      this.step = wanted;
      this.rested();
      this.draw();
      if (follow) this.output.focus();
    } else this.draw();
  }

  move(by) {
    this.go(this.step + by);
  }

  hover(pointed) {
    if (this.player.playing || this.predicting && pointed?.kind === "output") return;
    if (pointed === null && this.pointed === null) return;
    this.pointed = pointed;
    this.draw();
  }

  showAll(all) {
    this.all = all;
    this.rested(0);
    this.draw();
  }

  predict(on) {
    this.player.stop();
    this.predicting = on;
    this.rested(0);
    this.draw();
    if (on) this.output.focus();
  }

  check() {
    const text = this.output.guess.value;
    if (text.trim() !== "") this.#guess({ text });
  }

  #guess(guess) {
    this.guesses = Math.max(Date.now(), (this.guesses ?? 0) + 1);
    this.outbox.post("guess", { number: this.guesses, revision: this.data.revision, step: this.step, ...guess });
    this.output.focus();
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const typing = event.target.matches?.("input:not([type=range]), select");
    // Presenters' remote controls send Page Up and Page Down; they step from everywhere in the lab.
    const steps = { PageDown: 1, PageUp: -1 };
    if (!typing) Object.assign(steps, { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });
    const onButton = event.target.matches?.("button");
    if (event.key in steps) this.move(steps[event.key]);
    else if (!typing && event.key === "Home") this.go(0);
    else if (!typing && event.key === "End") this.go(this.steps - 1);
    else if (!typing && !onButton && event.key === " ") this.player.toggle();
    else return;
    event.preventDefault();
  }

  // ---------------------------------------------------------------- the link

  #position(sequence = this.sequence) {
    return JSON.stringify([this.step, this.all, this.predicting, sequence]);
  }

  // Stepping itself must not rerun the page: Python hears where the learner is once that has come to rest. The parts
  // of the page beside the grids follow an edit at the same moment.
  rested(wait = REST) {
    clearTimeout(this.resting);
    if (this.player.playing) return;
    this.resting = setTimeout(() => {
      if (!this.lab.isConnected || this.told === this.#position()) return;
      this.told = this.#position();
      this.settled = this.sequence;
      const { step, all, predicting } = this;
      this.outbox.post("place", { revision: this.data.revision, step, all, predict: predicting });
    }, wait);
  }

  async copyLink() {
    const link = new URL(window.location.href);
    const parameters = { step: this.step || "", all: this.all ? 1 : "", predict: this.predicting ? 1 : "" };
    // The address follows an edit only when the typing rests; whoever copies faster gets the newest numbers too.
    if (this.settled !== this.sequence && this.sequence > 0) {
      for (const name of ["input", "kernel"]) parameters[name] = this.data[name].values.join(";");
    }
    for (const [name, value] of Object.entries(parameters)) {
      if (value === "") link.searchParams.delete(name);
      else link.searchParams.set(name, value);
    }
    const { words } = this.data;
    // A matrix in the link stays readable: kernel=0,1,2;3,-1,2;1,0,1
    const text = link.href.replaceAll("%2C", ",").replaceAll("%3B", ";");
    try {
      await navigator.clipboard.writeText(text);
      this.remark(words.copied);
    } catch {
      // Browsers give pages without https no clipboard.
      this.remark(fill(words.copy_by_hand, { link: text }));
    }
  }

  // ---------------------------------------------------------------- what is seen

  get steps() {
    return this.data.totals.length;
  }

  // The output cell that is explained: the one under the pointer, or else the step.
  get shown() {
    return this.pointed?.kind === "output" ? Math.min(this.pointed.step, this.steps - 1) : this.step;
  }

  isVisible(step) {
    const answer = this.data.predict.answers[step];
    if (this.predicting) return answer !== undefined && (answer.right || answer.revealed);
    return this.all || step <= this.step || step === this.shown;
  }

  place(step) {
    const columns = Math.max(1, this.data.columns.length);
    return { row: Math.floor(step / columns) + 1, column: (step % columns) + 1 };
  }

  // The padded input's cells that one output cell reads, in the kernel's order.
  taps(step) {
    if (this.steps === 0) return [];
    const { row, column } = this.place(step);
    const [rows, columns] = [this.data.rows[row - 1], this.data.columns[column - 1]];
    return rows.flatMap((y) => columns.map((x) => [y, x]));
  }

  // A weight as the kernel's grid writes it (1/9 rather than 0.111), where it meets the window.
  weightText(row, column) {
    const { texts } = this.data.kernel;
    const typed = this.data.flip ? texts[texts.length - 1 - row][texts[0].length - 1 - column] : texts[row][column];
    return typed.replace("-", MINUS);
  }

  pointedTerm() {
    const { pointed, data } = this;
    if (!pointed || this.steps === 0) return -1;
    const [rows, columns] = [data.weights.length, data.weights[0].length];
    if (pointed.kind === "term") return pointed.row * columns + pointed.column;
    if (pointed.kind === "kernel") {
      const index = pointed.row * columns + pointed.column;
      return data.flip ? rows * columns - 1 - index : index;
    }
    if (pointed.kind !== "input") return -1;
    return this.taps(this.shown).findIndex(([y, x]) => y === pointed.row && x === pointed.column);
  }

  hintedTerms() {
    const answer = this.predicting ? this.data.predict.answers[this.step] : undefined;
    if (!answer || answer.right || answer.revealed) return new Set();
    const columns = this.data.weights[0].length;
    return new Set(answer.terms.map(([row, column]) => row * columns + column));
  }

  // The pointed input cell in the padded input, with its copies where the padding repeats it.
  #pointedCells() {
    const { pointed, data } = this;
    if (pointed?.kind !== "input") return [];
    const source = data.sources[pointed.row]?.[pointed.column];
    if (source === undefined || source < 0) return [[pointed.row, pointed.column]];
    const cells = [];
    data.sources.forEach((line, y) => line.forEach((other, x) => { if (other === source) cells.push([y, x]); }));
    return cells;
  }

  fedOutputs() {
    if (this.pointed?.kind !== "input" || this.steps === 0) return null;
    const { rows, columns } = this.data;
    const fed = new Set();
    for (const [y, x] of this.#pointedCells()) {
      rows.forEach((reads, row) => {
        if (!reads.includes(y)) return;
        columns.forEach((across, column) => { if (across.includes(x)) fed.add(row * columns.length + column); });
      });
    }
    return fed;
  }

  draw() {
    if (this.data === null) return;
    this.#drawWindow();
    this.output.draw();
    this.sum.draw();
    this.player.draw();
    this.#drawQuiz();
    this.say();
  }

  #drawWindow() {
    const { data, input, kernel } = this;
    const taps = this.taps(this.shown);
    const term = this.pointedTerm();
    const hinted = this.hintedTerms();
    const order = new Map(taps.map(([y, x], index) => [y * 1000 + x, index]));
    const copies = new Set(this.#pointedCells().map(([y, x]) => y * 1000 + x));
    const columns = data.weights[0].length;
    input.cells.forEach((line, y) => line.forEach((cell, x) => {
      const index = order.get(y * 1000 + x);
      const tapped = index !== undefined;
      const pointed = copies.has(y * 1000 + x) || (tapped && index === term);
      const look = tapped || pointed ? `${index} ${pointed} ${hinted.has(index)} ${this.version}` : "";
      if (cell.dataset.look === look) return;
      cell.dataset.look = look;
      cell.classList.toggle("tap", tapped);
      cell.classList.toggle("pointed", pointed);
      cell.classList.toggle("hinted", tapped && hinted.has(index));
      const room = this.weightRoom;
      const text = tapped ? this.weightText(Math.floor(index / columns), index % columns) : null;
      const short = text === null || text.length <= room ? text : shortNumber(data.weights[Math.floor(index / columns)][index % columns], room);
      setAttribute(cell, "data-weight", short === null ? null : `×${short}`);
    }));
    kernel.cells.forEach((line, row) => line.forEach((cell, column) => {
      const index = row * columns + column;
      const met = data.flip ? data.weights.length * columns - 1 - index : index;
      cell.classList.toggle("pointed", met === term);
    }));
    input.frame.hidden = taps.length === 0;
    if (taps.length === 0) return;
    const [top, left] = taps[0];
    const [bottom, right] = taps[taps.length - 1];
    const pitch = this.cell + GAP;
    Object.assign(input.frame.style, {
      transform: `translate(${left * pitch}px, ${top * pitch}px)`,
      width: `${(right - left + 1) * pitch - GAP}px`,
      height: `${(bottom - top + 1) * pitch - GAP}px`,
    });
  }

  #drawQuiz() {
    const { words, predict } = this.data;
    this.lab.classList.toggle("predicting", this.predicting);
    this.quiz.hidden = !this.predicting || this.steps === 0;
    if (this.quiz.hidden) return;
    const open = !this.isVisible(this.step);
    this.checkButton.hidden = !open;
    this.revealButton.hidden = !open;
    this.nextButton.hidden = open || this.step >= this.steps - 1;
    setText(this.score, predict.asked > 0 ? fill(words.score, predict) : "");
  }

  remark(text) {
    this.remarked = text;
    this.say();
  }

  // The line below the grids: a mark's reason, a remark, an answer's verdict, or what the pointer is on.
  say() {
    if (this.data === null) return;
    const { words, predict } = this.data;
    const answer = this.predicting ? predict.answers[this.step] : undefined;
    let kind = "tip";
    let text = words.tip;
    const wrong = [this.input, this.kernel].find((grid) => grid.errors.size > 0);
    if (wrong) {
      const active = wrong.errors.get(wrong.active.join(","));
      [kind, text] = ["bad", active ?? [...wrong.errors.values()][0]];
    } else if (this.remarked) [kind, text] = ["remark", this.remarked];
    else if (answer && answer.revealed && !answer.right) text = words.revealed;
    else if (answer) [kind, text] = [answer.right ? "right" : "wrong", answer.sentence];
    else if (this.predicting && this.steps > 0) text = fill(words.predict_tip, this.place(this.step));
    else if (this.pointed?.kind === "input" && this.steps > 0) {
      const fed = this.fedOutputs().size;
      const { row, column } = this.pointed;
      const { padding } = this.data;
      const inside = this.data.is_padding[row]?.[column] === 0;
      const template = inside ? (fed === 1 ? words.feeds_one : words.feeds) : (fed === 1 ? words.padding_feeds_one : words.padding_feeds);
      text = fill(template, { row: row - padding + 1, column: column - padding + 1, count: fed });
    }
    setAttribute(this.status, "aria-live", kind === "tip" ? "off" : "polite");
    this.status.dataset.kind = kind;
    setText(this.status, text);
  }

  // Write a number into a cell: in full if it can be, in smaller type if it must be, and shortened at last.
  fit(cell, write, text, value) {
    const long = text.length > this.room;
    cell.classList.toggle("long", long);
    write(text.length <= this.longRoom ? text : shortNumber(value, this.longRoom));
  }

  #layout({ redraw = true } = {}) {
    if (this.data === null) return;
    const width = this.mount.clientWidth || this.mount.getBoundingClientRect().width;
    if (width === 0) return;
    const { arrangement, cell, digits, ...rooms } = arrange(this.data, width);
    this.stage.dataset.arrangement = arrangement;
    this.lab.style.setProperty("--cell", `${cell}px`);
    this.lab.style.setProperty("--digits", `${digits}px`);
    this.lab.dataset.cells = cell < 30 ? "small" : "large";
    const changed = cell !== this.cell || rooms.room !== this.room;
    Object.assign(this, { cell, ...rooms });
    if (!changed) return;
    this.version += 1;
    if (!redraw) return;
    this.input.redraw();
    this.kernel.redraw();
    this.draw();
  }

  close() {
    this.player.stop();
    this.outbox.close();
    clearTimeout(this.resting);
    this.observer.disconnect();
  }
}

const labs = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let lab = labs.get(parentElement);
  if (!lab) {
    const root = parentElement.getRootNode();
    lab = new ConvGrid(root, parentElement.querySelector(".mount"));
    labs.set(parentElement, lab);
  }
  lab.update(data.grid, setStateValue);
  return () => {
    lab.close();
    labs.delete(parentElement);
  };
}
