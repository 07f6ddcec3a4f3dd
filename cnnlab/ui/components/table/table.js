// Layers as a table that is edited in place. What is typed is kept here and told to Python as text; Python checks it,
// and answers with all that follows from it. What the table shows, and what can be done in it, comes with the data.

import { component } from "../lib/component.js";
import { buttonOf, focusNear, make, put, setText, told } from "../lib/dom.js";
import { MINUS } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { fill } from "../lib/words.js";
import { optionOf, tellWrong, textField } from "./fields.js";
import { Layers, objection, retyped, stateOf } from "./layers.js";
import { cellOf, Row, troubleRow } from "./row.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { Asking, Column, LayerType, Limits, Refused, TableData } from "./types.d.ts" */
/** @typedef {{ line: HTMLElement, input: HTMLInputElement, trouble: HTMLElement }} Entry the row of what goes in */

// Milliseconds after the last key in a field until it is told: sooner where it was checked here already.
const TYPING_REST = 450;
const CHECKED_REST = 350;

const DOUBLE_CLICK = 500; // milliseconds within which a second click belongs to the first

export default component(".layers", (root, /** @type {TableData} */ data) => new Table(root, data));

export class Table {
  #outbox = new Outbox();
  /** @type {number | undefined} */
  #timer = undefined;
  /** @type {number | undefined} */
  #revision = undefined;
  /** @type {Row[]} */
  #rows = [];
  #body = make("tbody");
  #foot = make("tfoot");
  #news = make("div", "news", { role: "status" });
  #note = make("span");
  /** @type {HTMLButtonElement[]} */
  #addButtons = [];
  /** @type {Entry | null} */
  #entry = null;
  /** @type {{ row: number, line: HTMLElement } | null} what was typed that cannot be used, and is gone again */
  takenBack = null;
  /** @type {Refused | null} what was typed that cannot be used, and stays to be corrected */
  refused = null;
  #removed = -DOUBLE_CLICK; // when a row was last removed by a click
  /** @type {string | null} the argument that was changed last */
  touched = null;
  /** @type {{ row: number, name: string, from: Element | null } | null} what gets the focus when it is drawn */
  #refocus = null;

  /**
   * @param {HTMLElement} root
   * @param {TableData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.layers = new Layers(stateOf(data));
    root.classList.add(data.look);
    this.#drawFrame();
  }

  /**
   * @param {TableData} data
   * @param {Send} send
   */
  update(data, send) {
    const isFirst = this.#revision === undefined;
    const isNewer = data.revision !== this.#revision;
    const wasOpen = this.#outbox.isOpen;
    this.data = data;
    this.#revision = data.revision;
    this.#outbox.send = send;
    if (isNewer) {
      clearTimeout(this.#timer);
      this.#outbox.forget();
      this.layers.forgetShown();
      this.takenBack = null;
    }
    this.#outbox.answered(data.answered);
    // An answer to an earlier message would undo what was done since.
    if (this.isWaiting) return;
    // What cannot be used stays as it was typed, so that it can be corrected.
    const stays = data.refused !== undefined && !isNewer && (wasOpen || this.refused !== null);
    if (!stays) this.layers.state = stateOf(data);
    this.refused = stays ? (data.refused ?? null) : null;
    if (isFirst && data.refused) this.#retype(data.refused);
    this.draw(isNewer);
  }

  close() {
    clearTimeout(this.#timer);
    this.#outbox.close();
  }

  get state() {
    return this.layers.state;
  }

  // Whether Python has yet to answer.
  get isWaiting() {
    return this.#outbox.isOpen;
  }

  // Whether a change can be drawn before Python answers: not where only Python knows the form of a new layer.
  get #foresees() {
    return this.data.types.every(({ start }) => start !== undefined);
  }

  /**
   * A table that comes back, from another view say, has what stood in its fields.
   *
   * @param {Refused} refused
   */
  #retype(refused) {
    const { row, typed } = refused;
    if (row === null) this.state.input = typed.input ?? this.state.input;
    else if (this.state.layers[row] && Object.keys(typed).length) {
      Object.assign(this.state.layers[row].args, typed);
      for (const name of Object.keys(typed)) {
        this.layers.view(row).shown.add(name);
        this.touched = name;
      }
    } else return;
    this.refused = refused;
  }

  // ----------------------------------------------------------------- acting

  /** @param {number | null} suggestion the number of the way out that was chosen */
  send(suggestion = null) {
    clearTimeout(this.#timer);
    this.takenBack = null;
    this.#outbox.post("act", { ...this.state, suggestion });
    this.root.classList.add("waiting");
  }

  // Shapes follow from the layers: with other layers, answers are to other questions.
  #edit() {
    this.state.answers = {};
    this.send();
  }

  // Other rows cannot be changed around one that cannot be used: it becomes again what it was.
  #giveUp() {
    if (!this.refused) return;
    const { row } = this.refused;
    const before = stateOf(this.data);
    if (row === null) this.state.input = before.input;
    else if (this.state.layers[row]) this.state.layers[row] = before.layers[row];
    this.refused = null;
  }

  // After another order of the rows.
  #rearranged() {
    this.#edit();
    if (this.#foresees) this.draw(true);
  }

  /**
   * @param {HTMLInputElement} input
   * @param {boolean} isDone
   * @param {(value: string) => void} change
   */
  typed(input, isDone, change) {
    clearTimeout(this.#timer);
    if (isDone) change(input.value);
    else if (input.value.trim()) this.#timer = setTimeout(() => change(input.value), TYPING_REST);
  }

  /**
   * A number whose limits are known: what it cannot be is told at once, and what was there is put back.
   *
   * @param {number} index
   * @param {Column} column
   * @param {HTMLInputElement} input
   * @param {boolean} isDone
   */
  typedNumber(index, column, input, isDone) {
    clearTimeout(this.#timer);
    const limits = /** @type {Limits} */ (column.limits);
    const plain = String(Number(input.value)); // 05 is 5
    const fault = objection(input.value, limits, input.validity.badInput);
    if (fault === null && !isDone)
      this.#timer = setTimeout(() => this.setArgument(index, column.name, plain), CHECKED_REST);
    if (!isDone) return;
    if (fault === null) {
      this.setArgument(index, column.name, plain);
      if (this.takenBack === null) return;
      this.takenBack = null;
    } else {
      const { texts } = this.data;
      const kept = this.state.layers[index]?.args[column.name] ?? "";
      const [low, high] = limits;
      const cell = fill(texts.cell_name, { name: column.label ?? "", row: index + 1 });
      const value = input.value.replace("-", MINUS);
      const line = troubleRow(this.data.columns.length, fill(texts[fault], { cell, value, low, high, kept }), true);
      this.takenBack = { row: index, line };
      input.value = kept;
    }
    this.draw(false);
  }

  /**
   * @param {number} index
   * @param {string} name
   * @param {string} value
   */
  setArgument(index, name, value) {
    const layer = this.state.layers[index];
    if (!layer || layer.args[name] === value) return;
    layer.args[name] = value;
    this.touched = name;
    this.#edit();
  }

  /**
   * @param {number} index
   * @param {string} type
   */
  setType(index, type) {
    this.#giveUp();
    const layer = this.state.layers[index];
    const limitsOf = (/** @type {string} */ name) => this.data.columns.find((one) => one.name === name)?.limits;
    this.state.layers[index] = retyped(layer, this.#typeOf(layer.type), this.#typeOf(type), limitsOf);
    this.#edit();
    if (this.#foresees) this.draw(true);
  }

  /** @param {string} name */
  #typeOf(name) {
    return /** @type {LayerType} */ (this.data.types.find((one) => one.name === name));
  }

  /** @param {string} value */
  #setInput(value) {
    if (value === this.state.input) return;
    this.state.input = value;
    this.#edit();
  }

  /** @param {string} type */
  #insert(type) {
    this.#giveUp();
    this.layers.add(type, this.#typeOf(type).start ?? {});
    this.#rearranged();
  }

  /**
   * @param {number} index
   * @param {MouseEvent} event
   */
  remove(index, event) {
    // The row below comes under the pointer: the other half of a double click would take that, too.
    const isPointer = event.detail > 0;
    if (isPointer && event.timeStamp - this.#removed < DOUBLE_CLICK) return;
    if (isPointer) this.#removed = event.timeStamp;
    this.#giveUp();
    this.layers.remove(index);
    this.#rearranged();
  }

  /**
   * @param {number} index
   * @param {-1 | 1} by
   */
  move(index, by) {
    this.#giveUp();
    this.layers.move(index, by);
    this.#refocus = { row: index + by, name: by < 0 ? "up" : "down", from: this.#active };
    this.#rearranged();
  }

  /** @param {number} index */
  select(index) {
    this.#giveUp();
    this.state.selected = this.state.selected === index ? null : index;
    this.send();
    this.draw(false);
  }

  /** @param {number} index */
  open(index) {
    const view = this.layers.view(index);
    view.isOpen = !view.isOpen;
    this.draw(true);
  }

  /**
   * @param {string[]} keys
   * @param {boolean} isHidden
   */
  ask(keys, isHidden) {
    this.#giveUp();
    const others = this.state.hidden.filter((one) => !keys.includes(one));
    this.state.hidden = isHidden ? [...others, ...keys] : others;
    for (const key of keys) delete this.state.answers[key];
    this.send();
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  answer(key, text) {
    if (!text.trim() || this.state.answers[key] === text) return;
    this.state.answers[key] = text;
    this.send();
  }

  // ----------------------------------------------------------------- the frame

  #drawFrame() {
    const { columns, input, totals, texts, types, news } = this.data;
    const heads = columns.map(({ name, label = "", help, asking }) => {
      // A column of buttons has no head to be read out.
      const head = told(label || asking ? "th" : "td", name, label);
      if (help) head.title = help;
      if (asking) head.append(this.#askAllButton(asking));
      return head;
    });
    const table = make("table", "", {}, [make("thead", "", {}, [make("tr", "", {}, heads)]), this.#body]);
    if (totals) table.append(this.#foot);
    if (input !== undefined) this.#entry = this.#makeEntry();
    const add = make("div", "add");
    if (types.some((one) => one.add)) add.append(...types.map((one) => this.#addButton(() => one.name, one.add ?? "")));
    else {
      const choice = make("select", "", { "aria-label": texts.add_name });
      choice.append(...types.map(({ name, label, about }) => optionOf(name, label, about)));
      add.append(
        choice,
        this.#addButton(() => choice.value),
      );
    }
    add.append(this.#note);
    this.root.replaceChildren(table, add);
    // What a column's head tells is a tip, for those with a mouse only.
    if (texts.legend) {
      const list = columns.flatMap(({ label, help }) =>
        label && help ? [told("dt", "", label), told("dd", "", help)] : [],
      );
      this.root.append(make("details", "legend", {}, [told("summary", "", texts.legend), make("dl", "", {}, list)]));
    }
    // What is said somewhere in the table, for those who do not see where; it stays on the page, so that a change of it
    // is read out.
    if (news !== undefined) this.root.append(this.#news);
  }

  /** @param {Asking} asking */
  #askAllButton({ key, all }) {
    const act = () => {
      const keys = (this.data.askable ?? []).filter((one) => one.startsWith(key));
      this.ask(keys, !keys.every((one) => this.state.hidden.includes(one)));
    };
    return buttonOf("?", act, "ask", { title: all, "aria-label": all });
  }

  /**
   * @param {() => string} typeOf
   * @param {string} [label]
   */
  #addButton(typeOf, label = "") {
    const button = buttonOf(label, () => this.#insert(typeOf()));
    this.#addButtons.push(button);
    return button;
  }

  #makeEntry() {
    const { columns, texts } = this.data;
    const input = textField(texts.input_name, (isDone) => this.typed(input, isDone, (value) => this.#setInput(value)));
    input.classList.add("input");
    const trouble = make("span", "trouble", { id: "trouble-input" });
    const field = cellOf("arguments", input, trouble);
    field.colSpan = columns.length - 2;
    return { line: make("tr", "entry", {}, [cellOf("number"), cellOf("type", texts.input), field]), input, trouble };
  }

  // ----------------------------------------------------------------- drawing

  get #active() {
    return focusNear(this.root);
  }

  /** @param {boolean} isNewer whether a field takes what there is even where somebody types into it */
  draw(isNewer) {
    const { texts, types, most, note = "" } = this.data;
    const active = this.#active;
    if (this.#entry) this.#drawEntry(this.#entry, isNewer || this.#entry.input !== active);
    const focus = { row: active?.closest("tr")?.dataset.row, name: /** @type {HTMLElement?} */ (active)?.dataset.name };
    if (!this.isWaiting || this.#foresees) {
      const { layers } = this.state;
      this.#rows.length = Math.min(this.#rows.length, layers.length);
      while (this.#rows.length < layers.length) this.#rows.push(new Row(this, this.#rows.length));
      for (const row of this.#rows) row.draw((input) => isNewer || input !== active);
      if (this.data.totals) this.#drawTotals(this.data.totals);
    } else for (const row of this.#rows) row.mark();
    put(this.#body, [...(this.#entry ? [this.#entry.line] : []), ...this.#rows.flatMap((row) => row.lines())]);
    const { selected, layers } = this.state;
    for (const button of this.#addButtons) {
      button.disabled = layers.length >= most;
      if (!types.some((one) => one.add))
        button.textContent = selected === null ? texts.add_last : fill(texts.add_after, { row: selected + 1 });
    }
    this.#note.textContent = layers.length >= most ? texts.full : note;
    this.root.classList.toggle("waiting", this.isWaiting);
    if (!this.isWaiting) setText(this.#news, this.refused?.news ?? this.data.news ?? "");
    this.#keepFocus(focus.row, focus.name);
  }

  /**
   * @param {Entry} entry
   * @param {boolean} isFree
   */
  #drawEntry({ input, trouble }, isFree) {
    if (isFree) input.value = this.state.input;
    const isRefused = this.refused?.row === null;
    trouble.textContent = isRefused ? (this.refused?.sentence ?? "") : "";
    input.classList.toggle("wrong", isRefused);
    tellWrong(input, isRefused, trouble.id);
  }

  /** @param {Record<string, string>} totals */
  #drawTotals(totals) {
    const cells = this.data.columns.map(({ kind, name, label = "" }) => {
      const cell = cellOf(kind === "result" ? `result ${name}` : name, totals[name] ?? "");
      cell.dataset.label = label;
      if (kind === "arguments") cell.title = this.data.texts.memory_help;
      return cell;
    });
    this.#foot.replaceChildren(make("tr", "total", {}, cells));
  }

  /**
   * A layer that was moved takes the focus along; a field that was made anew has it again.
   *
   * @param {string | undefined} row
   * @param {string | undefined} name
   */
  #keepFocus(row, name) {
    const moved = this.#refocus;
    const hasMoved = moved !== null && (!this.isWaiting || this.#foresees);
    if (hasMoved) {
      this.#refocus = null;
      if (moved.from === this.#active || this.#active === null) this.#focus(String(moved.row), moved.name);
    } else if (row !== undefined && name && this.#active === null) this.#focus(row, name);
  }

  /**
   * @param {string} row
   * @param {string} name
   */
  #focus(row, name) {
    /** @type {HTMLElement | null} */ (this.root.querySelector(`tr[data-row="${row}"] [data-name="${name}"]`))?.focus();
  }
}
