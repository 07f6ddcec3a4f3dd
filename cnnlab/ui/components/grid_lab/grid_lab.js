// The whole component: what is looked at (step, hover, modes), and the talk with Python.

import { buttonOf, make, setAttribute, setText } from "../lib/dom.js";
import { arrow, isShortcut, onPageKey, stepOf } from "../lib/keys.js";
import { onLink } from "../lib/link.js";
import { clamp, MINUS, shortNumber } from "../lib/numbers.js";
import { EDGES, isPresented, onPresent, windowHeight } from "../lib/present.js";
import { talking } from "../lib/talk.js";
import { fill, formFor } from "../lib/words.js";
import { ComputedBoard } from "./computed_board.js";
import { CURVE, CurveView } from "./curve.js";
import { arrange, furnish, gapOf, hasSum, PHONE, SUM } from "./layout.js";
import { Player } from "./player.js";
import { present } from "./present.js";
import { Rising } from "./rising.js";
import { SumView } from "./sum.js";
import { TypedBoard } from "./typed_board.js";

/** @import { Outbox } from "../lib/outbox.js" */
/** @import { BySteps, CellLook, Cells, Part, Pointed, Scene, Section } from "./types.d.ts" */
/** @typedef {TypedBoard | ComputedBoard} Board */

/**
 * A term of a sum: which cell of which board meets which.
 *
 * @typedef {object} Term
 * @property {number} section
 * @property {Board} left
 * @property {number} leftCell
 * @property {Board | null} right null where nothing is multiplied
 * @property {number} rightCell
 */

const LOW = 600; // pixels of a window that has no room for boards and a high sum
const REST = 400; // milliseconds that a step must rest before Python hears of it and writes it into the link
const THREE = 1.9; // digits of a cell that has room for a name, a number and a weight
const PLAYING = 1000; // milliseconds from one word on the place to the next while the steps play and nothing rests

/** @typedef {{ label: string, act: () => void }} Offer something that can be done about a remark */

export class GridLab {
  #predicts = false; // as the learner wants it; see `predicting`
  /** @type {Pointed | null} */
  #pointed = null;
  /** @type {number | null} of the matrices, as Python counts them */
  #revision = null;
  #sequence = 0; // of edits
  #settled = 0; // the edit that the link shows
  #told = ""; // the place that Python knows
  #page = window.location.pathname;
  #remarked = "";
  #awaited = ""; // the remark on a size, which the answer with that size does not take away
  /** @type {Offer | null} */
  #offer = null;
  #said = ""; // the words, as they were last
  #guesses = 0;
  /** @type {number | null} the timer of the next word on the place */
  #resting = null;
  #width = 0;
  /** @type {string | null} what the arrangement was made for */
  #arranged = null;
  /** @type {string | null} the arrangement that stands */
  #furnished = null;
  #room = 5; // characters of a number in full size, in smaller type, and in a cell's corner
  #weightRoom = 0;
  #digits = 0; // pixels
  longRoom = 0;
  #most = 0;
  /** @type {readonly [width: number, height: number]} of a cell, in pixels */
  cell = [0, 0];
  step = 0;
  all = false;
  /** @type {Cells | null} what is to stand in cells, as the learner wants it; null where there is no choice */
  cells = null;
  /** @type {[board: string, cell: number] | null} that was chosen on a board that can be chosen from */
  pick = null;
  inner = 0; // of the cells that a step reads, the one whose own sum is written out, too
  /** @type {Record<string, number[]> | null} by board, the cells that a number of a caption tells of */
  lit = null;
  version = 0; // raised when all cells are to be drawn anew, since words or sizes have changed
  /** @type {Map<string, Board>} */
  boards = new Map();

  /**
   * @param {HTMLElement} mount
   * @param {Scene} data
   * @param {Outbox} outbox
   */
  constructor(mount, data, outbox) {
    this.outbox = outbox;
    this.root = /** @type {ShadowRoot | Document} */ (mount.getRootNode());
    this.mount = mount;
    this.data = data;
    this.player = new Player(this);
    this.sum = new SumView(this);
    this.curve = new CurveView(this);
    this.note = make("p", "note");
    this.status = make("p", "status", { role: "status" });
    this.score = make("p", "score");
    this.checkButton = buttonOf("", () => this.check(), "text");
    this.revealButton = buttonOf("", () => this.#guess({ reveal: true }), "text");
    const goOn = () => {
      this.move(1);
      this.focus();
    };
    this.nextButton = buttonOf("", goOn, "text");
    this.offerButton = buttonOf("", () => this.#offer?.act(), "text", { hidden: "" });
    this.quiz = make("div", "quiz", {}, [this.checkButton, this.revealButton, this.nextButton, this.score]);
    this.stage = make("div", "stage");
    // What must not leave the screen, whatever is set; the sum is put before the player where it is not beside the boards.
    this.dock = make("div", "dock", {}, [
      make("div", "line", {}, [this.status, this.offerButton, this.quiz]),
      this.player.element,
    ]);
    this.rising = new Rising(this);
    this.lab = make("div", "lab", {}, [
      make("div", "upper", {}, [this.stage, this.note]),
      this.dock,
      this.rising.layer,
    ]);
    this.lab.addEventListener("keydown", (event) => this.#key(event));
    onPageKey(mount, (key) => this.#pageKey(key));
    // A link may lead to another page, and there this component cannot tell any more where it was.
    this.leaving = (/** @type {Event} */ event) => {
      if (event.composedPath().some((target) => target instanceof HTMLAnchorElement)) this.#tell();
    };
    document.addEventListener("pointerdown", this.leaving, true);
    mount.replaceChildren(this.lab);
    // To ask for the width lays the whole page out anew; here it has just been.
    this.observer = new ResizeObserver(() => {
      this.#width = mount.clientWidth;
      this.#layout();
    });
    this.observer.observe(mount);
    this.dockObserver = new ResizeObserver(() => this.#measureDock());
    this.dockObserver.observe(this.dock);
    // How high the window is counts, too, on a phone only with the next numbers: its keyboard must not move the boards.
    this.resized = () => {
      this.#arranged = null;
      if (this.#isPresented || window.innerWidth > PHONE) this.#layout();
    };
    window.addEventListener("resize", this.resized);
    onLink(mount, (link) => this.#addTo(link));
    onPresent(mount, () => {
      this.#width = mount.clientWidth;
      this.#layout();
    });
  }

  // ---------------------------------------------------------------- what Python says

  /** @param {Scene} data */
  update(data) {
    const renew = data.revision !== this.#revision;
    this.#revision = data.revision;
    this.data = data;
    const said = JSON.stringify([data.words, data.symbols]);
    if (said !== this.#said) this.version += 1;
    this.#said = said;
    if (renew) {
      this.player.stop();
      this.#unrest();
      [this.step, this.all, this.#predicts, this.pick] = [data.step, data.all, data.predicts, data.pick];
      this.cells = data.cells;
      this.#told = this.#position(this.#settled);
      [this.#remarked, this.#awaited] = [this.#awaited, ""];
      this.#pointed = null;
      this.rested();
    }
    this.step = this.#within(this.step);
    this.lab.classList.toggle("compact", data.compact);
    this.#people();
    this.sum.take(data);
    this.#layout({ redraw: false });
    for (const [name, board] of this.boards) {
      const part = data.boards[name];
      if (board instanceof TypedBoard && part.kind === "typed") board.take(part, renew);
      else if (board instanceof ComputedBoard && part.kind === "computed") board.take(part);
    }
    this.player.take(data);
    setText(this.note, data.note ?? "");
    setText(this.checkButton, data.words.check);
    setText(this.revealButton, data.words.reveal);
    setText(this.nextButton, data.words.next);
    this.draw();
  }

  // Make the boards that Python names, keep those that are there, drop the others.
  #people() {
    for (const name of [...this.boards.keys()]) {
      const kind = this.data.boards[name]?.kind;
      if (kind !== (this.boards.get(name) instanceof TypedBoard ? "typed" : "computed")) this.boards.delete(name);
    }
    for (const [name, part] of Object.entries(this.data.boards)) {
      if (this.boards.has(name)) continue;
      const board = part.kind === "typed" ? new TypedBoard(name, part, this) : new ComputedBoard(name, part, this);
      this.boards.set(name, board);
      this.#furnished = null;
    }
  }

  // ---------------------------------------------------------------- what the learner does

  edited() {
    this.#sequence += 1;
    this.#remarked = "";
    this.rested();
    this.outbox.post("edit", { revision: this.data.revision, stacks: this.#stacks((board) => board.texts) });
  }

  /**
   * The typed boards by stack, each as `what` gives it.
   *
   * @template Value
   * @param {(board: TypedBoard) => Value} what
   */
  #stacks(what) {
    /** @type {Record<string, Value[]>} */
    const stacks = {};
    for (const board of this.#typed()) {
      const { stack, index } = board.part;
      stacks[stack] ??= [];
      stacks[stack][index] = what(board);
    }
    return stacks;
  }

  /**
   * @param {string} name of a stack
   * @param {number} rows
   * @param {number} columns
   * @param {{ filled?: { index: number, texts: string[][] }, remark?: string }} [more] what is to stand in one of its
   *   boards, and what is said of it all
   */
  resize(name, rows, columns, { filled, remark = "" } = {}) {
    this.#sequence += 1;
    this.#remarked = remark;
    this.#awaited = remark;
    this.#offer = null;
    this.rested();
    this.outbox.post("resize", { name, rows, columns, ...filled });
  }

  /** @param {number} step */
  #within(step) {
    return clamp(step, 0, Math.max(0, this.steps - 1));
  }

  /** @param {number} step */
  go(step, { playing = false } = {}) {
    const wanted = this.#within(step);
    if (!playing) this.player.stop();
    this.#pointed = null;
    if (wanted !== this.step) {
      const follow = this.#computed().some((board) => board.steps && board.hasFocus);
      this.step = wanted;
      this.inner = 0;
      this.rested();
      this.draw();
      if (follow) this.focus();
    } else this.draw();
  }

  /** @param {number} by */
  move(by) {
    this.go(this.step + by);
  }

  #typed() {
    return [...this.boards.values()].filter((board) => board instanceof TypedBoard);
  }

  #computed() {
    return [...this.boards.values()].filter((board) => board instanceof ComputedBoard);
  }

  focus() {
    this.#computed()
      .find((board) => board.current)
      ?.focus();
  }

  /** @param {Pointed | null} pointed */
  hover(pointed) {
    if (this.player.playing || (this.predicting && pointed?.step !== undefined)) return;
    if (pointed === null && this.#pointed === null) return;
    this.#pointed = pointed;
    if (pointed?.term !== undefined && this.terms(this.shown)[pointed.term]?.section === 0) this.inner = pointed.term;
    this.draw();
  }

  /** @param {Record<string, number[]> | null} cells by board */
  light(cells) {
    // A number that is taken off the page while it has the focus loses it in the middle of an update.
    if (cells === this.lit) return;
    this.lit = cells;
    if (this.steps > 0) this.draw();
  }

  /**
   * @param {string} board
   * @param {number} cell
   */
  choose(board, cell) {
    this.pick = [board, cell];
    this.rested(0);
    this.draw();
  }

  /** @param {boolean} all */
  showAll(all) {
    this.all = all;
    this.rested(0);
    this.draw();
  }

  /** @param {Cells} cells what is to stand in them */
  showCells(cells) {
    this.cells = cells;
    this.rested(0);
  }

  /** @param {boolean} on */
  predict(on) {
    this.player.stop();
    this.#predicts = on;
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

  /** @param {{ text: string } | { reveal: true }} guess */
  #guess(guess) {
    this.#guesses = Math.max(Date.now(), this.#guesses + 1);
    this.outbox.post("guess", { number: this.#guesses, revision: this.data.revision, step: this.step, ...guess });
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (isShortcut(event)) return;
    const target = /** @type {Element} */ (event.target);
    const typing = target.matches("input:not([type=range]), select");
    const move = typing ? undefined : arrow(event.key);
    const onButton = target.matches("button");
    // Presenters' remote controls send Page Up and Page Down; they step from everywhere in the lab.
    if (event.key === "PageDown" || event.key === "PageUp") this.move(event.key === "PageDown" ? 1 : -1);
    else if (move) this.move(move[0] + move[1]);
    else if (!typing && event.key === "Home") this.go(0);
    else if (!typing && event.key === "End") this.go(this.steps - 1);
    else if (!typing && !onButton && event.key === " ") this.player.toggle();
    else return;
    event.preventDefault();
  }

  /** @param {string} key */
  #pageKey(key) {
    if (this.data.compact || this.data.refusal !== null) return false;
    const place = this.steps > 1 ? stepOf(key, { index: this.step, last: this.steps - 1 }) : undefined;
    if (place !== undefined) this.go(place);
    else if (key === " " && this.steps > 1) this.player.toggle();
    else if (key === "p" && this.data.predict !== null) this.predict(!this.predicting);
    else return false;
    return true;
  }

  // ---------------------------------------------------------------- the link

  #position(sequence = this.#sequence) {
    return JSON.stringify([this.step, this.all, this.#predicts, this.pick, this.cells, sequence]);
  }

  // Stepping itself must not rerun the page: Python hears where the learner is once that has come to rest. The parts
  // of the page beside the boards follow an edit at the same moment. Playing steps do not rest, and whoever leaves the
  // page meanwhile wants to come back to about where they were.
  rested(wait = REST) {
    if (this.player.playing && this.#resting !== null) return;
    this.#unrest();
    this.#resting = setTimeout(() => this.#tell(), this.player.playing ? PLAYING : wait);
  }

  #unrest() {
    clearTimeout(this.#resting ?? undefined);
    this.#resting = null;
  }

  #tell() {
    this.#unrest();
    if (!this.lab.isConnected) return;
    if (this.#told === this.#position()) {
      this.settled();
      return;
    }
    const isMoved = this.#told !== this.#position(this.#settled);
    this.#told = this.#position();
    this.#settled = this.#sequence;
    // Where nothing beside the boards follows what was typed, only the link does, and Python need not hear of it. (In
    // another page's frame only Streamlit can have that page's address follow.)
    if (!isMoved && !this.outbox.isOpen && !this.data.follows && window.parent === window) this.#writeAddress();
    else {
      const { step, all, pick, cells } = this;
      this.outbox.post("place", { revision: this.data.revision, step, all, predict: this.#predicts, pick, cells });
    }
  }

  // Streamlit does not know of what is written here, so it may take older numbers for the ones in the address, and leave
  // them there. Whatever it did, the address is right once nothing is waited for.
  settled() {
    if (this.#resting === null && !this.outbox.isOpen) this.#writeAddress();
  }

  #writeAddress() {
    // The next page's address may be there before this component is gone.
    if (window.parent !== window || window.location.pathname !== this.#page) return;
    const link = new URL(window.location.href);
    setParameters(link, this.data.address);
    if (link.href !== window.location.href) window.history.replaceState(window.history.state, "", link);
  }

  /**
   * Add to the page's address what it does not know yet.
   *
   * @param {URL} link
   */
  #addTo(link) {
    const { parameters: names } = this.data;
    const places = {
      step: this.step === this.data.first_step ? "" : `${this.step}`,
      all: this.all ? "1" : "",
      predict: this.#predicts ? "1" : "",
    };
    const parameters = Object.fromEntries(Object.entries(places).map(([name, value]) => [names[name], value]));
    // The address follows an edit only when the typing rests; whoever copies faster gets the newest numbers too.
    if (this.#settled !== this.#sequence && this.#sequence > 0) {
      const stacks = this.#stacks((board) => board.part.values.join(";"));
      for (const [stack, matrices] of Object.entries(stacks)) {
        const depth = this.data.depths[stack] ?? matrices.length;
        const sign = (/** @type {number} */ index) => (index === 0 ? "" : index % depth === 0 ? "||" : "|");
        parameters[names[stack]] = matrices.map((matrix, index) => sign(index) + matrix).join("");
      }
    }
    setParameters(link, parameters);
  }

  // ---------------------------------------------------------------- what is seen

  // A part of the page without predictions leaves the wish as it was.
  get predicting() {
    return this.#predicts && this.data.predict !== null;
  }

  get steps() {
    return this.data.steps;
  }

  // Whether cells show their numbers, be it with letters.
  get showsNumbers() {
    return this.data.symbols?.numbers ?? true;
  }

  /**
   * A board's name with that of a cell, for people.
   *
   * @param {string} name
   * @param {string | null} symbol
   */
  named(name, symbol) {
    return symbol === null ? name : `${name} ${symbol}`;
  }

  // The step that is explained: the one under the pointer, or else the current one.
  get shown() {
    return this.#pointed?.step !== undefined ? Math.min(this.#pointed.step, this.steps - 1) : this.step;
  }

  /**
   * What was predicted for a step, while steps are predicted.
   *
   * @param {number} step
   */
  answer(step) {
    return this.predicting ? this.data.predict?.answers[step] : undefined;
  }

  /** @param {number} step */
  isVisible(step) {
    const answer = this.answer(step);
    if (this.predicting) return answer !== undefined && (answer.right || answer.revealed);
    return this.all || !this.data.fills || step <= this.step || step === this.shown;
  }

  /**
   * The board of which a step is a cell.
   *
   * @param {number} step
   */
  boardOf(step) {
    return this.#computed().find(({ steps, first, cells }) => steps && first <= step && step < first + cells.length);
  }

  /**
   * What a step's cell holds.
   *
   * @param {number} step
   */
  total(step) {
    const board = this.boardOf(step);
    return board ? board.at(step - board.first) : null;
  }

  /**
   * What a step's cell is called; null where names are not shown, and where the step is no cell.
   *
   * @param {number} step
   */
  symbolOfStep(step) {
    const board = this.boardOf(step);
    return board?.symbolAt(step - board.first) ?? null;
  }

  /**
   * Which board's which cell a step is, for people: counted from 1.
   *
   * @param {number} step
   */
  place(step) {
    const board = this.boardOf(step);
    if (!board) return { name: "", row: step + 1, column: 1 };
    const cell = step - board.first;
    const columns = board.part.size[1];
    return { name: board.part.title, row: Math.floor(cell / columns) + 1, column: (cell % columns) + 1 };
  }

  /**
   * What the sum of a step is made of; null where it has none.
   *
   * @param {number} step
   */
  group(step) {
    return this.data.groups.find(({ first, count }) => first <= step && step < first + count) ?? null;
  }

  /**
   * The cells of a board that a step reads, in order; null where it has no say in it.
   *
   * @param {string} name
   * @param {number} step
   */
  reads(name, step) {
    const { reads, boards } = this.data;
    const of = reads[name] ?? reads[boards[name].stack ?? ""];
    return of === undefined ? null : of[step % of.length];
  }

  /**
   * The step that a part of a step's sum is about: another one where it is the sum of a cell that this one reads.
   *
   * @param {Section} section
   * @param {number} step
   */
  stepOf({ of }, step) {
    if (of === null) return step;
    const cells = this.reads(of, step) ?? [];
    return /** @type {ComputedBoard} */ (this.#board(of)).first + (cells[this.inner] ?? cells[0]);
  }

  /**
   * What the terms of a step's sum come to, those of its parts among them.
   *
   * @param {number} step
   */
  products(step) {
    return this.#withInner(this.data.products, step);
  }

  /**
   * What the parts of a step's sum come to.
   *
   * @param {number} step
   */
  parts(step) {
    return this.#withInner(this.data.parts, step);
  }

  /**
   * @param {BySteps<number[]>} numbers
   * @param {number} step
   */
  #withInner(numbers, step) {
    const inner = this.group(step)?.sections.filter(({ of }) => of) ?? [];
    if (inner.length === 0) return numbers[step];
    return [numbers[step], ...inner.map((section) => numbers[this.stepOf(section, step)])].flat();
  }

  /**
   * The terms of a step's sum.
   *
   * @param {number} step
   * @returns {Term[]}
   */
  terms(step) {
    const group = this.group(step);
    if (group === null || this.steps === 0) return [];
    return group.sections.flatMap((each, section) => {
      const { left, right } = each;
      const at = this.stepOf(each, step);
      const rightCells = right === null ? null : this.reads(right, at);
      const [leftBoard, rightBoard] = [this.#board(left), right === null ? null : this.#board(right)];
      return (this.reads(left, at) ?? []).map((leftCell, index) => ({
        section,
        left: leftBoard,
        leftCell,
        right: rightBoard,
        rightCell: rightCells ? rightCells[index] : index,
      }));
    });
  }

  /**
   * A board of the scene.
   *
   * @param {string} name
   */
  #board(name) {
    const board = this.boards.get(name);
    if (board === undefined) throw new Error(name);
    return board;
  }

  pointedTerm() {
    const pointed = this.#pointed;
    if (pointed?.term !== undefined) return pointed.term;
    if (pointed?.board === undefined || pointed.cell === undefined || this.steps === 0) return -1;
    const { board, cell } = pointed;
    if (this.group(this.shown)?.adds_to === board) return this.reads(board, this.shown)?.indexOf(cell) ?? -1;
    const fits = (/** @type {Term} */ { left, leftCell, right, rightCell }) =>
      (left.name === board && leftCell === cell) || (right?.name === board && rightCell === cell);
    const terms = this.terms(this.shown);
    // A cell that is a part of all terms points at none of them.
    return terms.filter(fits).length > 1 ? -1 : terms.findIndex(fits);
  }

  hintedTerms() {
    const answer = this.answer(this.step);
    return new Set(!answer || answer.right || answer.revealed ? [] : answer.terms);
  }

  // The typed board that is pointed at, if its cells are terms of a sum, the cell, and where else its number stands.
  #pointedCells() {
    const board = this.boards.get(this.#pointed?.board ?? "");
    const cell = this.#pointed?.cell;
    if (!(board instanceof TypedBoard) || cell === undefined) return null;
    const isRead = this.data.groups.some(({ sections }) => sections.some(({ left }) => left === board.name));
    return isRead ? { board, cell, copies: new Set(board.copies(cell)) } : null;
  }

  // The steps that read the pointed cell, or a copy of it in the padding; null where no such cell is pointed at.
  fed() {
    const pointed = this.#pointedCells();
    if (pointed === null || this.steps === 0) return null;
    const { name } = pointed.board;
    /** @type {Set<number>} */
    const fed = new Set();
    for (const { first, count, sections } of this.data.groups) {
      if (!sections.some(({ left }) => left === name)) continue;
      for (let step = first; step < first + count; step += 1) {
        if (this.reads(name, step)?.some((cell) => pointed.copies.has(cell))) fed.add(step);
      }
    }
    return fed;
  }

  draw() {
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
    /** @type {Map<string, Map<number, CellLook>>} */
    const looks = new Map([...this.boards.keys()].map((name) => [name, new Map()]));
    /** @type {(name: string, cell: number) => CellLook} */
    const look = (name, cell) => {
      const known = looks.get(name)?.get(cell);
      if (known) return known;
      /** @type {CellLook} */
      const made = {};
      looks.get(name)?.set(cell, made);
      return made;
    };
    const pointed = this.pointedTerm();
    const hinted = this.hintedTerms();
    this.terms(shown).forEach(({ left, leftCell, right, rightCell }, index) => {
      const mark = look(left.name, leftCell);
      mark.tapped = true;
      mark.pointed ||= index === pointed;
      mark.hinted ||= hinted.has(index);
      if (right === null) return;
      mark.weight = this.#weightOf(right, rightCell);
      if (index === pointed) look(right.name, rightCell).pointed = true;
      if (data.groups.length > 1) look(right.name, rightCell).tapped = true;
    });
    // Where the numbers are hidden until a prediction is made, so is their place.
    const also = (this.group(shown)?.also ?? []).filter(
      (name) => !isGathered(data.boards[name]) || this.isVisible(shown),
    );
    for (const name of also) for (const cell of this.reads(name, shown) ?? []) look(name, cell).tapped = true;
    const target = this.group(shown)?.adds_to ?? "";
    (target ? (this.reads(target, shown) ?? []) : []).forEach((cell, index) => {
      const added = data.products[shown][index];
      const mark = look(target, cell);
      mark.tapped = true;
      mark.weight = `${added < 0 ? MINUS : "+"}${shortNumber(Math.abs(added), this.#weightRoom)}`;
      mark.pointed ||= index === pointed;
    });
    if (this.isVisible(shown)) {
      for (const [name, cells] of Object.entries(data.marks))
        for (const cell of cells[shown] ?? []) look(name, cell).won = true;
      for (const [name, cells] of Object.entries(data.tied))
        for (const cell of cells[shown] ?? []) look(name, cell).tied = true;
    }
    for (const [name, cells] of Object.entries(data.same)) for (const cell of cells) look(name, cell).same = true;
    for (const [name, cells] of Object.entries(this.lit ?? {})) for (const cell of cells) look(name, cell).lit = true;
    const cells = this.#pointedCells();
    for (const cell of cells?.copies ?? []) look(cells?.board.name ?? "", cell).pointed = true;
    for (const [name, each] of this.boards) each.mark(looks.get(name));
  }

  /**
   * What a read cell is multiplied with, for its corner; nothing where a letter has no room there.
   *
   * @param {Board} board
   * @param {number} cell
   */
  #weightOf(board, cell) {
    const room = this.#weightRoom;
    const symbol = this.showsNumbers ? null : board.symbolAt(cell);
    if (symbol !== null) return symbol.length <= room ? `·${symbol}` : undefined;
    if (this.data.symbols !== null && this.cell[1] < THREE * this.#digits) return undefined;
    const text = board.textAt(cell);
    return `×${text.length <= room ? text : shortNumber(board.at(cell) ?? 0, room)}`;
  }

  /**
   * Whether a step's sum reads a board.
   *
   * @param {string} name
   * @param {number} step
   */
  isRead(name, step) {
    return this.group(step)?.sections.some(({ left }) => left === name) ?? false;
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
    setText(this.score, predict && predict.asked > 0 ? fill(words.score, predict) : "");
  }

  /**
   * @param {string} text
   * @param {Offer | null} offer what one may want to do about it
   */
  remark(text, offer = null) {
    this.#remarked = text;
    this.#offer = offer;
    this.say();
  }

  // The line below the boards: a mark's reason, a remark, an answer's verdict, or what the pointer is on.
  say(fed = this.fed()) {
    const { words } = this.data;
    const answer = this.answer(this.step);
    let kind = "tip";
    let text = words.tip;
    const complaint = this.#complaint();
    if (complaint !== undefined) [kind, text] = ["bad", complaint];
    else if (this.#remarked) [kind, text] = ["remark", this.#remarked];
    else if (answer?.revealed && !answer.right) text = words.revealed;
    else if (answer) [kind, text] = [answer.right ? "right" : "wrong", answer.sentence];
    else if (this.predicting && this.steps > 0) text = fill(words.predict_tip, this.place(this.step));
    else if (fed !== null) text = this.#fedText(fed.size);
    this.offerButton.hidden = kind !== "remark" || this.#offer === null;
    setText(this.offerButton, this.#offer?.label ?? "");
    setAttribute(this.status, "aria-live", kind === "tip" ? "off" : "polite");
    this.status.dataset.kind = kind;
    setText(this.status, text);
  }

  // Why a cell holds no number, the one that is typed into first, and how many there are.
  #complaint() {
    const typed = this.#typed();
    const focused = typed.find(
      (board) => board.complaint !== undefined && board.element.contains(this.root.activeElement),
    );
    const complaint = (focused ?? typed.find((board) => board.complaint !== undefined))?.complaint;
    const count = typed.reduce((sum, board) => sum + board.errors.size, 0);
    return count > 1 ? `${complaint} ${fill(this.data.words.bad_cells, { count })}` : complaint;
  }

  /** @param {number} count */
  #fedText(count) {
    const { words } = this.data;
    const pointed = this.#pointedCells();
    if (pointed === null) return words.tip;
    const { board, cell } = pointed;
    if (board.isBeyond(cell)) return words.beyond_title;
    const [row, column] = board.placeOf(cell);
    const one = board.isOutside(cell) ? words.padding_feeds_one : words.feeds_one;
    const others = board.isOutside(cell) ? words.padding_feeds : words.feeds;
    return fill(formFor(count, [one, others]), { row: row + 1, column: column + 1, count });
  }

  /**
   * Write a number into a cell: in full if it can be, in smaller type if it must be, shortened at last, and told in the title alone.
   *
   * @param {HTMLElement} cell
   * @param {(text: string) => void} write
   * @param {string} text
   * @param {number} value
   */
  fit(cell, write, text, value) {
    const long = text.length > this.#room;
    cell.classList.toggle("long", long);
    const short = text.length <= this.longRoom ? text : shortNumber(value, this.longRoom);
    // A number that is cut is another one; whole it is in the cell's title.
    write(short.length <= this.#most ? short : "…");
  }

  /**
   * Likewise for a name, which is never shortened.
   *
   * @param {HTMLElement} cell
   * @param {string} symbol
   */
  fitSymbol(cell, symbol) {
    cell.classList.toggle("long", symbol.length > this.#room);
  }

  // Boards alone are set beside something else, which is looked at.
  get #isPresented() {
    return isPresented() && !this.data.compact;
  }

  #layout({ redraw = true } = {}) {
    this.#width ||= this.mount.clientWidth || this.mount.getBoundingClientRect().width;
    const width = this.#width;
    if (width === 0) return;
    const presented = this.#isPresented ? present(this.data, width, windowHeight() - EDGES, this.sum.room) : null;
    const parts = Object.values(this.data.boards).map(({ extent, title, resizable, refusal, caption }) => [
      extent,
      title,
      resizable,
      refusal,
      caption,
    ]);
    const columns = this.data.groups.map(({ sections }) => sections.map((section) => section.columns));
    const about = JSON.stringify([
      width,
      this.data.arrangements,
      parts,
      columns,
      this.sum.room,
      Object.keys(this.data.captions),
      this.data.symbols,
      presented,
    ]);
    if (about === this.#arranged && this.#furnished !== null) return;
    this.#arranged = about;
    const fitting = presented ?? arrange(this.data, width, this.sum.room);
    const { node, cell, tall, digits, room, longRoom, weightRoom } = fitting;
    const furnished = JSON.stringify(node);
    if (furnished !== this.#furnished) {
      // Moved elements lose the focus.
      const focused = /** @type {HTMLElement | null} */ (this.root.activeElement);
      this.#furnished = furnished;
      /** @type {Map<string, HTMLElement>} */
      const elements = new Map([...this.boards].map(([name, board]) => [name, board.element]));
      const beside = hasSum(node);
      this.sum.element.classList.toggle("beside", beside);
      elements.set(CURVE, this.curve.element);
      if (beside) elements.set(SUM, this.sum.element);
      else this.dock.insertBefore(this.sum.element, this.player.element);
      this.stage.replaceChildren(furnish(node, elements));
      if (focused && this.stage.contains(focused)) focused.focus();
    }
    const { style } = this.lab;
    style.setProperty("--cell", `${cell}px`);
    style.setProperty("--gap", `${gapOf(cell)}px`);
    style.setProperty("--tall", `${tall}px`);
    style.setProperty("--digits", `${digits}px`);
    style.setProperty("--high", `${fitting.high}px`);
    style.setProperty("--sum-width", `${fitting.sumWidth}px`);
    style.setProperty("--tail-high", `${fitting.tailHigh}px`);
    for (const [name, count] of Object.entries(fitting.characters))
      style.setProperty(`--${name}-characters`, String(count));
    this.sum.element.dataset.terms = fitting.terms;
    this.lab.dataset.cells = tall < 30 || (presented && tall < 1.7 * digits) ? "small" : "large";
    this.lab.classList.toggle("presented", presented !== null);
    const isLow = presented === null && windowHeight() <= LOW && window.innerWidth > PHONE;
    const isHighSum = this.data.is_high && !this.data.compact && !hasSum(node);
    this.lab.classList.toggle("high-sum", isHighSum);
    this.lab.classList.toggle("hanging", isLow && isHighSum);
    this.#measureDock();
    if (presented) {
      style.setProperty("--words", `${presented.words}px`);
      style.setProperty("--around", `${presented.chip}em`);
      style.setProperty("--title-lines", String(presented.titleLines));
    }
    this.#digits = digits;
    this.#most = fitting.most;
    const changed = cell !== this.cell[0] || tall !== this.cell[1] || room !== this.#room;
    [this.cell, this.#room, this.longRoom, this.#weightRoom] = [[cell, tall], room, longRoom, weightRoom];
    if (!changed) return;
    this.version += 1;
    if (!redraw) return;
    for (const board of this.#typed()) board.redraw();
    this.draw();
  }

  // Where terms hang below the window's edge, the end of their sum and all that stands above it do not.
  #measureDock() {
    const hanging = this.lab.classList.contains("hanging") ? this.sum.below : 0;
    this.lab.style.setProperty("--hanging", `${hanging}px`);
    this.lab.style.setProperty("--dock", `${this.dock.offsetHeight - hanging}px`);
  }

  close() {
    this.player.stop();
    this.#unrest();
    document.removeEventListener("pointerdown", this.leaving, true);
    this.observer.disconnect();
    this.dockObserver.disconnect();
    window.removeEventListener("resize", this.resized);
  }
}

/**
 * @param {URL} link
 * @param {Record<string, string>} parameters an empty one is left out
 */
function setParameters(link, parameters) {
  for (const [name, value] of Object.entries(parameters)) {
    if ((link.searchParams.get(name) ?? "") === value) continue;
    if (value === "") link.searchParams.delete(name);
    else link.searchParams.set(name, value);
  }
}

/** @param {Part} part */
function isGathered(part) {
  return part.kind === "computed" && part.gathers;
}

/**
 * The boards are sent as a part each; their names stand in their order.
 *
 * @param {Record<string, any>} parts
 * @returns {Scene}
 */
function sceneOf(parts) {
  const boards = parts.boards.map((/** @type {string} */ name) => [name, parts[`board ${name}`]]);
  return /** @type {Scene} */ ({ ...parts, boards: Object.fromEntries(boards) });
}

export default talking(".mount", (root, parts, outbox) => {
  const lab = new GridLab(root, sceneOf(parts), outbox);
  return { update: (data) => lab.update(sceneOf(data)), settled: () => lab.settled(), close: () => lab.close() };
});
