// The whole component: what is looked at (step, hover, modes), and the talk with Python.

import { Outbox } from "../lib/outbox.js";
import { fill, formFor } from "../lib/words.js";
import { ComputedBoard } from "./computed_board.js";
import { CURVE, CurveView } from "./curve.js";
import { MINUS, make, setAttribute, setText, shortNumber } from "./format.js";
import { arrange, furnish, SUM } from "./layout.js";
import { Player } from "./player.js";
import { SumView } from "./sum.js";
import { TypedBoard } from "./typed_board.js";

const REST = 400; // milliseconds that a step must rest before Python hears of it and writes it into the link
const PLAYING = 1000; // milliseconds from one word on the place to the next while the steps play and nothing rests

class GridLab {
  constructor(root, mount) {
    this.root = root;
    this.mount = mount;
    this.data = null;
    this.step = 0;
    this.all = false;
    this.predicts = false; // as the learner wants it; see `predicting`
    this.pick = null; // [board, cell] that was chosen on a board that can be chosen from
    this.pointed = null; // {step}, {board, cell} or {term}
    this.sequence = 0;
    this.version = 0; // raised when all cells are to be drawn anew, since words or sizes have changed
    this.room = 5;
    this.outbox = new Outbox();
    this.resting = null; // the timer of the next word on the place
    this.boards = new Map();
    this.player = new Player(this);
    this.sum = new SumView(this);
    this.curve = new CurveView(this);
    this.note = make("p", "note");
    this.status = make("p", "status", { role: "status" });
    this.score = make("p", "score");
    this.checkButton = this.#action(() => this.check());
    this.revealButton = this.#action(() => this.#guess({ reveal: true }));
    this.nextButton = this.#action(() => {
      this.move(1);
      this.focus();
    });
    this.quiz = make("div", "quiz", {}, [this.checkButton, this.revealButton, this.nextButton, this.score]);
    this.stage = make("div", "stage");
    this.lab = make("div", "lab", {}, [
      this.stage,
      this.note,
      make("div", "line", {}, [this.status, this.quiz]),
      this.player.element,
      this.sum.element,
    ]);
    this.lab.addEventListener("keydown", (event) => this.#key(event));
    // A link may lead to another page, and there this component cannot tell any more where it was.
    this.leaving = (event) => {
      if (event.composedPath().some((element) => element.localName === "a")) this.#tell();
    };
    document.addEventListener("pointerdown", this.leaving, true);
    mount.replaceChildren(this.lab);
    // To ask for the width lays the whole page out anew; here it has just been.
    this.observer = new ResizeObserver(() => {
      this.width = mount.clientWidth;
      this.#layout();
    });
    this.observer.observe(mount);
    // How high the window is counts, too, but only with the next numbers: a phone's keyboard must not move the boards.
    this.resized = () => {
      this.arranged = null;
    };
    window.addEventListener("resize", this.resized);
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
    const said = JSON.stringify(data.words);
    if (said !== this.said) this.version += 1;
    this.said = said;
    if (renew) {
      this.player.stop();
      this.#unrest();
      [this.step, this.all, this.predicts] = [data.step, data.all, data.predicts];
      this.pick = data.pick;
      this.told = this.#position(this.settled ?? 0);
      this.remarked = "";
      this.pointed = null;
      this.rested();
    }
    this.step = Math.max(0, Math.min(this.step, this.steps - 1));
    this.lab.classList.toggle("compact", data.compact);
    this.#people();
    this.#layout({ redraw: false });
    for (const [name, board] of this.boards) board.take(data.boards[name], renew);
    this.sum.take(data);
    this.player.take(data);
    setText(this.note, data.note ?? "");
    for (const [button, word] of [
      [this.checkButton, "check"],
      [this.revealButton, "reveal"],
      [this.nextButton, "next"],
    ]) {
      setText(button, data.words[word]);
    }
    this.draw();
    this.outbox.answered(data.answered);
  }

  // Make the boards that Python names, keep those that are there, drop the others.
  #people() {
    for (const name of [...this.boards.keys()]) {
      const kind = this.data.boards[name]?.kind;
      if (kind !== (this.boards.get(name) instanceof TypedBoard ? "typed" : "computed")) this.boards.delete(name);
    }
    for (const [name, part] of Object.entries(this.data.boards)) {
      if (this.boards.has(name)) continue;
      this.boards.set(name, part.kind === "typed" ? new TypedBoard(name, this) : new ComputedBoard(name, this));
      this.furnished = null;
    }
  }

  // ---------------------------------------------------------------- what the learner does

  edited() {
    this.sequence += 1;
    this.remarked = "";
    this.rested();
    this.outbox.post("edit", { revision: this.data.revision, stacks: this.#stacks((board) => board.texts) });
  }

  // The typed boards by stack, each as `what` gives it.
  #stacks(what) {
    const stacks = {};
    for (const board of this.boards.values()) {
      if (!(board instanceof TypedBoard)) continue;
      const { stack, index } = board.part;
      stacks[stack] ??= [];
      stacks[stack][index] = what(board);
    }
    return stacks;
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
      const follow = this.#computed().some((board) => board.steps && board.hasFocus);
      this.step = wanted;
      this.rested();
      this.draw();
      if (follow) this.focus();
    } else this.draw();
  }

  move(by) {
    this.go(this.step + by);
  }

  #computed() {
    return [...this.boards.values()].filter((board) => board instanceof ComputedBoard);
  }

  focus() {
    this.#computed()
      .find((board) => board.current)
      ?.focus();
  }

  hover(pointed) {
    if (this.player.playing || (this.predicting && pointed?.step !== undefined)) return;
    if (pointed === null && this.pointed === null) return;
    this.pointed = pointed;
    this.draw();
  }

  choose(board, cell) {
    this.pick = [board, cell];
    this.rested(0);
    this.draw();
  }

  showAll(all) {
    this.all = all;
    this.rested(0);
    this.draw();
  }

  predict(on) {
    this.player.stop();
    this.predicts = on;
    this.rested(0);
    this.draw();
    if (on) this.focus();
  }

  get guess() {
    return this.#computed().find((board) => board.guess.isConnected)?.guess;
  }

  check() {
    const text = this.guess?.value ?? "";
    if (text.trim() !== "") this.#guess({ text });
  }

  #guess(guess) {
    this.guesses = Math.max(Date.now(), (this.guesses ?? 0) + 1);
    this.outbox.post("guess", { number: this.guesses, revision: this.data.revision, step: this.step, ...guess });
    this.focus();
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
    return JSON.stringify([this.step, this.all, this.predicts, this.pick, sequence]);
  }

  // Stepping itself must not rerun the page: Python hears where the learner is once that has come to rest. The parts
  // of the page beside the boards follow an edit at the same moment. Playing steps do not rest, and whoever leaves the
  // page meanwhile wants to come back to about where they were.
  rested(wait = REST) {
    if (this.player.playing && this.resting !== null) return;
    this.#unrest();
    this.resting = setTimeout(() => this.#tell(), this.player.playing ? PLAYING : wait);
  }

  #unrest() {
    clearTimeout(this.resting);
    this.resting = null;
  }

  #tell() {
    this.#unrest();
    if (!this.lab.isConnected || this.told === this.#position()) return;
    this.told = this.#position();
    this.settled = this.sequence;
    const { step, all, predicts, pick } = this;
    this.outbox.post("place", { revision: this.data.revision, step, all, predict: predicts, pick });
  }

  async copyLink() {
    const link = new URL(window.location.href);
    const { words, parameters: names } = this.data;
    const places = { step: this.step || "", all: this.all ? 1 : "", predict: this.predicts ? 1 : "" };
    const parameters = Object.fromEntries(Object.entries(places).map(([name, value]) => [names[name], value]));
    // The address follows an edit only when the typing rests; whoever copies faster gets the newest numbers too.
    if (this.settled !== this.sequence && this.sequence > 0) {
      const stacks = this.#stacks((board) => board.values.join(";"));
      for (const [stack, matrices] of Object.entries(stacks)) {
        const depth = this.data.depths[stack] ?? matrices.length;
        const sign = (index) => (index === 0 ? "" : index % depth === 0 ? "||" : "|");
        parameters[names[stack]] = matrices.map((matrix, index) => sign(index) + matrix).join("");
      }
    }
    for (const [name, value] of Object.entries(parameters)) {
      if (value === "") link.searchParams.delete(name);
      else link.searchParams.set(name, value);
    }
    // A matrix in the link stays readable: kernel=0,1,2;3,-1,2;1,0,1
    const text = link.href.replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%7C", "|");
    try {
      await navigator.clipboard.writeText(text);
      this.remark(words.copied);
    } catch {
      // Browsers give pages without https no clipboard.
      this.remark(fill(words.copy_by_hand, { link: text }));
    }
  }

  // ---------------------------------------------------------------- what is seen

  // A part of the page without predictions leaves the wish as it was.
  get predicting() {
    return this.predicts && this.data.predict !== null;
  }

  get steps() {
    return this.data.steps;
  }

  // The step that is explained: the one under the pointer, or else the current one.
  get shown() {
    return this.pointed?.step !== undefined ? Math.min(this.pointed.step, this.steps - 1) : this.step;
  }

  isVisible(step) {
    const { predict, fills } = this.data;
    const answer = predict?.answers[step];
    if (this.predicting) return answer !== undefined && (answer.right || answer.revealed);
    return this.all || !fills || step <= this.step || step === this.shown;
  }

  // The board of which a step is a cell.
  boardOf(step) {
    return this.#computed().find(
      ({ steps, part, cells }) => steps && part.first <= step && step < part.first + cells.length,
    );
  }

  // What a step's cell holds.
  total(step) {
    const board = this.boardOf(step);
    return board ? board.at(step - board.part.first) : null;
  }

  // Which board's which cell a step is, for people: counted from 1.
  place(step) {
    const board = this.boardOf(step);
    if (!board) return { name: "", row: step + 1, column: 1 };
    const cell = step - board.part.first;
    const columns = board.size[1];
    return { name: board.part.title, row: Math.floor(cell / columns) + 1, column: (cell % columns) + 1 };
  }

  // What the sum of a step is made of; null where it has none.
  group(step) {
    return this.data.groups.find(({ first, count }) => first <= step && step < first + count) ?? null;
  }

  // The cells of a board that a step reads, in order; null where it has no say in it.
  reads(name, step) {
    const { reads, boards } = this.data;
    const of = reads[name] ?? reads[boards[name].stack];
    return of === undefined ? null : of[step % of.length];
  }

  // The terms of a step's sum: which cell of which board meets which.
  terms(step) {
    const group = this.group(step);
    if (group === null || this.steps === 0) return [];
    return group.sections.flatMap(({ left, right }, section) => {
      const leftCells = this.reads(left, step) ?? [];
      const rightCells = right === null ? null : this.reads(right, step);
      return leftCells.map((leftCell, index) => ({
        section,
        left: this.boards.get(left),
        leftName: left,
        leftCell,
        right: right === null ? null : this.boards.get(right),
        rightName: right,
        rightCell: rightCells ? rightCells[index] : index,
      }));
    });
  }

  pointedTerm() {
    const { pointed } = this;
    if (pointed?.term !== undefined) return pointed.term;
    if (pointed?.board === undefined || this.steps === 0) return -1;
    const { board, cell } = pointed;
    if (this.group(this.shown)?.adds_to === board) return this.reads(board, this.shown).indexOf(cell);
    const fits = (term) =>
      (term.leftName === board && term.leftCell === cell) || (term.rightName === board && term.rightCell === cell);
    const terms = this.terms(this.shown);
    // A cell that is a part of all terms points at none of them.
    return terms.filter(fits).length > 1 ? -1 : terms.findIndex(fits);
  }

  hintedTerms() {
    const answer = this.predicting ? this.data.predict.answers[this.step] : undefined;
    return new Set(!answer || answer.right || answer.revealed ? [] : answer.terms);
  }

  // The steps that read the pointed cell, or a copy of it in the padding; null where no cell is pointed at.
  fed() {
    const { pointed } = this;
    const board = this.boards.get(pointed?.board);
    if (!(board instanceof TypedBoard) || this.steps === 0) return null;
    const cells = new Set(board.copies(pointed.cell));
    const fed = new Set();
    for (const { first, count, sections } of this.data.groups) {
      const isRead = sections.some(({ left }) => left === pointed.board);
      if (!isRead) continue;
      for (let step = first; step < first + count; step += 1) {
        if (this.reads(pointed.board, step)?.some((cell) => cells.has(cell))) fed.add(step);
      }
    }
    return sectionsHave(this.data.groups, pointed.board) ? fed : null;
  }

  draw() {
    if (this.data === null || this.steps === undefined) return;
    this.#drawMarks();
    const fed = this.fed();
    for (const board of this.#computed()) board.draw(fed);
    this.sum.draw();
    this.curve.draw();
    this.player.draw();
    this.#drawQuiz();
    this.say(fed);
  }

  #drawMarks() {
    const { data, shown } = this;
    const looks = new Map([...this.boards.keys()].map((name) => [name, new Map()]));
    const look = (name, cell) => {
      const cells = looks.get(name);
      if (!cells.has(cell)) cells.set(cell, {});
      return cells.get(cell);
    };
    const pointed = this.pointedTerm();
    const hinted = this.hintedTerms();
    this.terms(shown).forEach((term, index) => {
      const left = look(term.leftName, term.leftCell);
      left.tapped = true;
      left.pointed ||= index === pointed;
      left.hinted ||= hinted.has(index);
      if (term.right === null) return;
      const text = term.right.textAt(term.rightCell);
      const short = text.length <= this.weightRoom ? text : shortNumber(term.right.at(term.rightCell), this.weightRoom);
      left.weight = `×${short}`;
      if (index === pointed) look(term.rightName, term.rightCell).pointed = true;
      if (data.groups.length > 1) look(term.rightName, term.rightCell).tapped = true;
    });
    // Where the numbers are hidden until a prediction is made, so is their place.
    const also = (this.group(shown)?.also ?? []).filter((name) => !data.boards[name].gathers || this.isVisible(shown));
    for (const name of also) for (const cell of this.reads(name, shown) ?? []) look(name, cell).tapped = true;
    const target = this.group(shown)?.adds_to;
    (target ? this.reads(target, shown) : []).forEach((cell, index) => {
      const added = data.products[shown][index];
      const mark = look(target, cell);
      mark.tapped = true;
      mark.weight = `${added < 0 ? MINUS : "+"}${shortNumber(Math.abs(added), this.weightRoom)}`;
      mark.pointed ||= index === pointed;
    });
    for (const mark of this.isVisible(shown) ? ["won", "tied"] : []) {
      for (const [name, cells] of Object.entries(mark === "won" ? data.marks : data.tied)) {
        for (const cell of cells[shown] ?? []) look(name, cell)[mark] = true;
      }
    }
    for (const [name, cells] of Object.entries(data.same)) for (const cell of cells) look(name, cell).same = true;
    const board = this.boards.get(this.pointed?.board);
    if (board instanceof TypedBoard && sectionsHave(data.groups, this.pointed.board)) {
      for (const cell of board.copies(this.pointed.cell)) look(this.pointed.board, cell).pointed = true;
    }
    for (const [name, each] of this.boards) each.mark(looks.get(name));
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

  // The line below the boards: a mark's reason, a remark, an answer's verdict, or what the pointer is on.
  say(fed = this.fed()) {
    if (this.data === null) return;
    const { words, predict } = this.data;
    const answer = this.predicting ? predict.answers[this.step] : undefined;
    let kind = "tip";
    let text = words.tip;
    const wrong = [...this.boards.values()].find((board) => board.errors?.size > 0);
    if (wrong) {
      const active = wrong.errors.get(wrong.active.join(","));
      [kind, text] = ["bad", active ?? [...wrong.errors.values()][0]];
    } else if (this.remarked) [kind, text] = ["remark", this.remarked];
    else if (answer?.revealed && !answer.right) text = words.revealed;
    else if (answer) [kind, text] = [answer.right ? "right" : "wrong", answer.sentence];
    else if (this.predicting && this.steps > 0) text = fill(words.predict_tip, this.place(this.step));
    else if (fed !== null) text = this.#fedText(fed.size);
    setAttribute(this.status, "aria-live", kind === "tip" ? "off" : "polite");
    this.status.dataset.kind = kind;
    setText(this.status, text);
  }

  #fedText(count) {
    const { words } = this.data;
    const board = this.boards.get(this.pointed.board);
    if (board.isBeyond(this.pointed.cell)) return words.beyond_title;
    const [row, column] = board.placeOf(this.pointed.cell);
    const outside = board.isOutside(this.pointed.cell);
    const forms = outside ? [words.padding_feeds_one, words.padding_feeds] : [words.feeds_one, words.feeds];
    return fill(formFor(count, forms), { row: row + 1, column: column + 1, count });
  }

  // Write a number into a cell: in full if it can be, in smaller type if it must be, and shortened at last.
  fit(cell, write, text, value) {
    const long = text.length > this.room;
    cell.classList.toggle("long", long);
    write(text.length <= this.longRoom ? text : shortNumber(value, this.longRoom));
  }

  #layout({ redraw = true } = {}) {
    if (this.data === null) return;
    this.width ||= this.mount.clientWidth || this.mount.getBoundingClientRect().width;
    const { width } = this;
    if (width === 0) return;
    const parts = Object.values(this.data.boards).map(({ extent, title, resizable, refusal }) => [
      extent,
      title,
      resizable,
      refusal,
    ]);
    const columns = this.data.groups.map(({ sections }) => sections.map((section) => section.columns));
    const about = JSON.stringify([width, this.data.arrangements, parts, columns]);
    if (about === this.arranged && this.furnished !== null) return;
    this.arranged = about;
    const { node, cell, digits, ...rooms } = arrange(this.data, width);
    const furnished = JSON.stringify(node);
    if (furnished !== this.furnished) {
      // Moved elements lose the focus.
      const focused = this.root.activeElement;
      this.furnished = furnished;
      const elements = new Map([...this.boards].map(([name, board]) => [name, board.element]));
      const beside = furnished.includes(JSON.stringify(SUM));
      this.sum.element.classList.toggle("beside", beside);
      elements.set(CURVE, this.curve.element);
      if (beside) elements.set(SUM, this.sum.element);
      else this.lab.append(this.sum.element);
      this.stage.replaceChildren(furnish(node, elements));
      if (focused && this.stage.contains(focused)) focused.focus();
    }
    this.lab.style.setProperty("--cell", `${cell}px`);
    this.lab.style.setProperty("--digits", `${digits}px`);
    this.lab.dataset.cells = cell < 30 ? "small" : "large";
    const changed = cell !== this.cell || rooms.room !== this.room;
    Object.assign(this, { cell, ...rooms });
    if (!changed) return;
    this.version += 1;
    if (!redraw) return;
    for (const board of this.boards.values()) board.redraw?.();
    this.draw();
  }

  close() {
    this.player.stop();
    this.outbox.close();
    this.#unrest();
    document.removeEventListener("pointerdown", this.leaving, true);
    this.observer.disconnect();
    window.removeEventListener("resize", this.resized);
  }
}

function sectionsHave(groups, name) {
  return groups.some(({ sections }) => sections.some(({ left }) => left === name));
}

const labs = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let lab = labs.get(parentElement);
  if (!lab) {
    const root = parentElement.getRootNode();
    lab = new GridLab(root, parentElement.querySelector(".mount"));
    labs.set(parentElement, lab);
  }
  lab.update(data.grid, setStateValue);
  return () => {
    lab.close();
    labs.delete(parentElement);
  };
}
