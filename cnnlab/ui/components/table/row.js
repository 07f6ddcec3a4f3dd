// One row of the table: the fields of a layer, what follows from them, and what stands below. A row belongs to a place,
// not to a layer: when layers move, the rows show others. Whatever somebody may be typing into stays on the page while
// it is redrawn.

import { buttonOf, ICONS, icon, make, put, told, wideRow } from "../lib/dom.js";
import { fill } from "../lib/words.js";
import { fieldOf, fitWidth, numberField, optionOf, tellWrong, textField } from "./fields.js";

/** @import { Table } from "./table.js" */
/** @import { Action, Column, Facts, Form, Limits, Result } from "./types.d.ts" */
/** @typedef {(input: Element) => boolean} IsFree whether a field may be written into: nobody is typing there */
/** @typedef {{ form: string, box: HTMLElement, input: HTMLInputElement | HTMLSelectElement | null }} Box */

export class Row {
  /** @type {Map<string, Box>} the fields in the row, by their arguments */
  #boxes = new Map();
  /** @type {Map<string, Box>} those in the details */
  #more = new Map();
  /** @type {Map<string, HTMLInputElement>} fields of arguments that have a column */
  #inputs = new Map();
  /** @type {Map<string, HTMLInputElement>} fields for answers, by column */
  #answers = new Map();
  /** @type {Map<string, ResultCell>} by column */
  #results = new Map();
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();
  /** @type {HTMLButtonElement | null} the number of a row that can be chosen */
  #number = null;
  #type = make("select");
  #fields = make("div", "fields");
  #line = make("tr");
  #list = make("dl");
  #moreFields = make("div", "fields");
  #optional = make("div", "more");
  #asks = make("div", "asks");
  /** @type {HTMLElement} */
  #details;
  /** @type {HTMLElement[]} what stands below the line */
  #below = [];

  /**
   * @param {Table} table
   * @param {number} index
   */
  constructor(table, index) {
    this.table = table;
    this.index = index;
    this.#line.dataset.row = String(index);
    this.#line.append(...table.data.columns.map((column) => this.#cell(column)));
    if (table.data.selects)
      this.#line.addEventListener("click", (event) => {
        const { target } = event;
        if (target instanceof Element && !target.closest("input, select, button, label")) table.select(index);
      });
    this.#details = wideRow(table.data.columns.length, "details", this.#list, this.#optional, this.#asks);
    this.#details.dataset.row = String(index);
  }

  // The line, and what stands below it.
  lines() {
    return [this.#line, ...this.#below];
  }

  /** @param {string} name */
  #named(name) {
    return fill(this.table.data.texts.cell_name, { name, row: this.index + 1 });
  }

  /** @param {Column} column */
  #cell(column) {
    const { table, index } = this;
    const { name, label = "" } = column;
    switch (column.kind) {
      case "number":
        return cellOf(name, this.#numberOf());
      case "type":
        this.#type.dataset.name = "type";
        this.#type.setAttribute("aria-label", this.#named(label));
        this.#type.append(...table.data.types.map((type) => optionOf(type.name, type.label)));
        this.#type.addEventListener("change", () => table.setType(index, this.#type.value));
        return labelled(cellOf(name, this.#type), label);
      case "arguments":
        return cellOf(name, this.#fields);
      case "argument": {
        const limits = /** @type {Limits} */ (column.limits);
        const input = numberField(this.#named(label), limits, (isDone) =>
          table.typedNumber(index, column, input, isDone),
        );
        input.dataset.name = name;
        this.#inputs.set(name, input);
        return labelled(cellOf(name, input), label);
      }
      case "result": {
        const result = new ResultCell(column);
        this.#results.set(name, result);
        return labelled(result.cell, label);
      }
      case "tools":
        return cellOf(name, ...table.data.actions.map((action) => this.#button(action)));
    }
  }

  #numberOf() {
    const { table, index } = this;
    const text = String(index + 1);
    if (!table.data.selects) return text;
    this.#number = buttonOf(text, () => table.select(index), "", { title: table.data.texts.do_open });
    this.#number.dataset.name = "number";
    return this.#number;
  }

  /** @param {Action} action */
  #button(action) {
    const { table, index } = this;
    const { texts } = table.data;
    /** @type {Record<Action, (event: MouseEvent) => void>} */
    const acts = {
      open: () => table.open(index),
      up: () => table.move(index, -1),
      down: () => table.move(index, 1),
      remove: (event) => table.remove(index, event),
    };
    const button = buttonOf(icon(ICONS[action === "open" ? "right" : action]), acts[action], "", {
      title: texts[`do_${action}`],
      "aria-label": fill(texts[`name_${action}`], { row: index + 1 }),
    });
    button.dataset.name = action;
    this.#buttons.set(action, button);
    return button;
  }

  // ----------------------------------------------------------------- drawing

  /** @param {IsFree} isFree */
  draw(isFree) {
    const { table, index } = this;
    const { data, state } = table;
    // What Python said of this place was about another layer.
    const facts = table.isWaiting ? null : data.rows[index];
    const layer = state.layers[index];
    const isRefused = table.refused?.row === index;
    this.#type.value = facts?.type ?? layer.type;
    if (this.#number) {
      const name = fill(data.texts.name_open, { row: index + 1, type: this.#type.value });
      this.#number.setAttribute("aria-label", name);
    }
    this.#line.classList.toggle("refused", isRefused);
    this.#line.classList.toggle("beyond", facts?.results === null);
    this.#line.classList.toggle("quiet", facts?.is_quiet ?? false);
    for (const [name, input] of this.#inputs) setValue(input, layer.args[name] ?? "", isFree);
    if (facts) {
      const { shown } = table.layers.view(index);
      for (const field of facts.fields ?? []) if (!field.is_usual) shown.add(field.name);
      const inRow = (facts.fields ?? []).filter(({ name }) => shown.has(name));
      this.#drawFields(this.#fields, this.#boxes, inRow, facts, isRefused, isFree);
    }
    for (const [name, result] of this.#results) {
      if (facts) result.write(facts.results?.[name] ?? result.absent, this.#question(result, facts, isFree));
      else if (result.isEmpty) result.write(result.absent);
    }
    const isOpen =
      facts?.details !== undefined && (data.selects ? index === state.selected : table.layers.view(index).isOpen);
    if (isOpen && facts) this.#drawDetails(facts, isRefused, isFree);
    for (const [action, button] of this.#buttons) {
      if (action === "up") button.disabled = index === 0;
      if (action === "down") button.disabled = index === state.layers.length - 1;
      if (action === "open") {
        button.disabled = !data.rows[index]?.details;
        button.setAttribute("aria-expanded", String(isOpen));
      }
    }
    const taken = table.takenBack?.row === index ? table.takenBack.line : null;
    const below = [taken, this.#problem(isRefused), facts && this.#verdict(facts), isOpen ? this.#details : null];
    this.#below = below.filter((line) => line !== null);
    this.mark();
  }

  mark() {
    const { data, state } = this.table;
    const isSelected = this.index === (data.selects ? state.selected : data.selected);
    this.#line.classList.toggle("selected", isSelected);
    this.#number?.setAttribute("aria-expanded", String(isSelected));
  }

  /**
   * @param {HTMLElement} parent
   * @param {Map<string, Box>} boxes
   * @param {Form[]} fields
   * @param {Facts} facts
   * @param {boolean} isRefused
   * @param {IsFree} isFree
   */
  #drawFields(parent, boxes, fields, facts, isRefused, isFree) {
    const { table, index } = this;
    const shown = fields.map((field) => {
      const isMasked = boxes === this.#boxes && (facts.masked ?? []).includes(field.name);
      const form = JSON.stringify([facts.type, field.kind, field.options, isMasked]);
      const known = boxes.get(field.name);
      const box = known?.form === form ? known : { form, ...this.#boxOf(field, isMasked) };
      boxes.set(field.name, box);
      if (box.input) {
        setValue(box.input, table.state.layers[index].args[field.name] ?? "", isFree);
        if (box.input instanceof HTMLInputElement) fitWidth(box.input);
        tellWrong(box.input, isRefused && table.touched === field.name, `trouble-${index}`);
      }
      return box.box;
    });
    put(parent, shown);
  }

  /**
   * @param {Form} field
   * @param {boolean} isMasked
   */
  #boxOf(field, isMasked) {
    const { table, index } = this;
    const { name } = field;
    const set = (/** @type {string} */ value) => table.setArgument(index, name, value);
    const typed = (/** @type {HTMLInputElement} */ input, /** @type {boolean} */ isDone) =>
      table.typed(input, isDone, set);
    const input = isMasked ? null : fieldOf(field, this.#named(name), typed, set);
    if (input) input.dataset.name = name;
    const parts = [told("span", "", field.label), input ?? told("i", "", "?")];
    return { input, box: make("label", "", { title: `${name}: ${field.about}` }, parts) };
  }

  /**
   * What stands in place of a number that is asked for: a field, or the right answer.
   *
   * @param {ResultCell} result
   * @param {Facts} facts
   * @param {IsFree} isFree
   */
  #question({ column: { name, asking } }, facts, isFree) {
    const { table, index } = this;
    const asked = facts.asked?.[name];
    if (!asked || !asking || asked.right) this.#answers.delete(name);
    if (!asked || !asking) return null;
    if (asked.right) return told("span", "right", `✓ ${asked.value}`);
    const key = asking.key + index;
    const input = this.#answers.get(name) ?? this.#answerField(name, asking.question, key);
    this.#answers.set(name, input);
    setValue(input, table.state.answers[key] ?? "", isFree);
    return input;
  }

  /**
   * @param {string} column
   * @param {string} question
   * @param {string} key
   */
  #answerField(column, question, key) {
    const label = fill(question, { row: this.index + 1 });
    const input = textField(label, (isDone) => {
      if (isDone) this.table.answer(key, input.value);
    });
    input.classList.add("answer", column);
    input.placeholder = "?";
    input.dataset.name = `answer_${column}`;
    return input;
  }

  // ----------------------------------------------------------------- below the line

  /** @param {boolean} isRefused */
  #problem(isRefused) {
    const { table, index } = this;
    const { columns, news, problem, texts } = table.data;
    if (isRefused) {
      const line = troubleRow(columns.length, table.refused?.sentence ?? "", false);
      /** @type {HTMLElement} */ (line.querySelector(".trouble")).id = `trouble-${index}`;
      return line;
    }
    if (problem?.row !== index || table.isWaiting) return null;
    const parts = [];
    if (problem.suggestions.length) {
      const buttons = problem.suggestions.map((label, number) => buttonOf(label, () => table.send(number)));
      parts.push(make("div", "suggestions", {}, buttons));
    }
    if (problem.torch_says)
      parts.push(make("span", "torch", {}, [texts.torch_says, " ", told("code", "", problem.torch_says)]));
    return troubleRow(columns.length, problem.sentence, news === undefined, ...parts);
  }

  /** @param {Facts} facts */
  #verdict(facts) {
    const { table, index } = this;
    const { columns, texts } = table.data;
    const parts = columns.flatMap(({ name, asking }) => {
      const asked = facts.asked?.[name];
      if (!asking || !asked?.sentences.length || asked.right) return [];
      const sentences = asked.sentences.map((sentence) =>
        told("span", sentence.endsWith(" = ?") ? "sentence formula" : "sentence", sentence),
      );
      const reveal = buttonOf(texts.reveal, () => table.ask([asking.key + index], false));
      return [make("div", "", {}, [...sentences, reveal])];
    });
    return parts.length ? wideRow(columns.length, "verdict", ...parts) : null;
  }

  /**
   * @param {Facts} facts
   * @param {boolean} isRefused
   * @param {IsFree} isFree
   */
  #drawDetails(facts, isRefused, isFree) {
    const { table, index } = this;
    const { columns, texts } = table.data;
    const entries = (facts.details ?? []).map(([label, text, isFormula]) =>
      make("div", "", {}, [told("dt", "", `${label} `), told("dd", isFormula ? "formula" : "", text)]),
    );
    this.#list.replaceChildren(...entries);
    const optional = (facts.fields ?? []).filter((field) => field.usual !== null);
    this.#drawFields(this.#moreFields, this.#more, optional, facts, isRefused, isFree);
    for (const field of optional) this.#more.get(field.name)?.box.classList.toggle("usual", field.is_usual);
    if (!optional.length) this.#optional.replaceChildren();
    else if (!this.#optional.hasChildNodes())
      this.#optional.append(told("span", "label", texts.more), this.#moreFields);
    const asks = columns.flatMap(({ asking }) => {
      if (!asking) return [];
      const key = asking.key + index;
      const isHidden = table.state.hidden.includes(key);
      return [buttonOf(isHidden ? asking.show : asking.hide, () => table.ask([key], !isHidden))];
    });
    this.#asks.replaceChildren(...asks);
  }
}

/** A number that follows, maybe between quieter words; a question in its place keeps the focus. */
class ResultCell {
  #before = make("span", "aside");
  #strong = make("b");
  #after = make("span", "aside");

  /** @param {Column} column */
  constructor(column) {
    this.column = column;
    this.cell = cellOf(`result ${column.name}`);
  }

  get absent() {
    return this.column.absent ?? "–";
  }

  get isEmpty() {
    return !this.cell.hasChildNodes();
  }

  /**
   * @param {Result} value
   * @param {HTMLElement | null} [question]
   */
  write(value, question = null) {
    const isPlain = typeof value === "string";
    const [before, strong, after] = isPlain ? ["", value, ""] : value;
    put(isPlain ? this.cell : this.#strong, [question ?? document.createTextNode(strong)]);
    if (isPlain) return;
    this.#before.textContent = before;
    this.#after.textContent = after;
    put(this.cell, [this.#before, this.#strong, this.#after]);
  }
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {string} value
 * @param {IsFree} isFree
 */
function setValue(input, value, isFree) {
  // What is being typed stays as it is.
  if (input.value !== value && isFree(input)) input.value = value;
}

/**
 * A row below a layer that says what is wrong with it.
 *
 * @param {number} columns
 * @param {string} sentence
 * @param {boolean} isAlert whether nothing else tells those who do not see it
 * @param {HTMLElement[]} more
 */
export function troubleRow(columns, sentence, isAlert, ...more) {
  const trouble = told("span", "trouble", sentence);
  if (isAlert) trouble.setAttribute("role", "alert");
  return wideRow(columns, "problem", trouble, ...more);
}

/**
 * @param {string} name
 * @param {(Node | string)[]} content
 */
export function cellOf(name, ...content) {
  return make("td", name, {}, content);
}

/**
 * @param {HTMLElement} cell
 * @param {string} label what a narrow screen writes above it
 */
function labelled(cell, label) {
  cell.dataset.label = label;
  return cell;
}
