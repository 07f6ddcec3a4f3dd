// One layer in the table: its fields and results, and what stands below it. A row belongs to a place, not to a layer:
// when layers move, the rows show others. Whatever somebody may be typing into stays on the page while it is redrawn.

import { buttonOf, ICONS, icon, make, put, told, wideRow } from "../lib/dom.js";
import { fill } from "../lib/words.js";

const COLUMNS = 8;
export const RESULTS = ["params", "field", "macs"];
export const QUESTIONS = { shape: "s", params: "p" };

export class Row {
  constructor(table, index) {
    this.table = table;
    this.index = index;
    this.buttons = {};
    this.results = {};
    this.questions = {}; // the fields for answers, by what they answer
    this.boxes = new Map(); // the fields for arguments, by their names
    this.more = new Map(); // those of the details
    this.makeLine();
    this.makeDetails();
  }

  named(name) {
    return fill(this.table.data.texts.cell_name, { name, row: this.index + 1 });
  }

  makeLine() {
    const { table, index } = this;
    const { texts, types } = table.data;
    this.line = make("tr");
    this.line.dataset.row = index;
    this.number = buttonOf(String(index + 1), () => table.select(index));
    this.number.title = texts.open;
    this.number.dataset.name = "number";
    this.type = make("select");
    this.type.dataset.name = "type";
    this.type.setAttribute("aria-label", this.named(texts.type));
    for (const { name } of types) this.type.append(optionOf(name));
    this.type.addEventListener("change", () => table.setType(index, this.type.value));
    this.fields = make("div", "fields");
    this.line.append(cellOf("number", this.number), cellOf("type", this.type), cellOf("arguments", this.fields));
    for (const name of ["shape", ...RESULTS]) {
      this.results[name] = cellOf(`result ${name}`);
      this.results[name].dataset.label = texts[name];
      this.line.append(this.results[name]);
    }
    this.before = make("span", "before");
    this.after = make("b");
    const acts = {
      up: () => table.move(index, -1),
      down: () => table.move(index, 1),
      remove: () => table.remove(index),
    };
    for (const [name, act] of Object.entries(acts)) {
      const button = buttonOf("", act);
      button.append(icon(ICONS[name]));
      button.dataset.name = name;
      button.title = texts[`do_${name}`];
      button.setAttribute("aria-label", fill(texts[`name_${name}`], { row: index + 1 }));
      this.buttons[name] = button;
    }
    this.line.append(cellOf("tools", ...Object.values(this.buttons)));
    this.line.addEventListener("click", (event) => {
      if (!event.target.closest("input, select, button, label")) table.select(index);
    });
  }

  makeDetails() {
    this.list = make("dl");
    this.moreFields = make("div", "fields");
    this.moreLabel = told("span", "label", this.table.data.texts.more);
    this.optional = make("div", "more");
    this.asks = make("div", "asks");
    this.details = wideRow(COLUMNS, "details", this.list, this.optional, this.asks);
    this.details.dataset.row = this.index;
  }

  // The line, and what stands below it.
  lines() {
    return [this.line, this.problem, this.verdict, this.isOpen ? this.details : null].filter(Boolean);
  }

  // ----------------------------------------------------------------- drawing

  draw(isNewer, active) {
    const { table, index } = this;
    const { state, data } = table;
    const facts = data.rows[index];
    this.told = facts;
    this.isFree = (input) => isNewer || input !== active;
    const isRefused = table.refused?.row === index;
    this.type.value = facts.type;
    this.number.setAttribute("aria-label", fill(data.texts.open_name, { row: index + 1, type: facts.type }));
    this.line.classList.toggle("refused", isRefused);
    this.line.classList.toggle("beyond", !facts.shape);
    this.line.classList.toggle("quiet", facts.is_quiet);
    this.buttons.up.disabled = index === 0;
    this.buttons.down.disabled = index === state.layers.length - 1;
    const shown = table.shownOf(index);
    for (const field of facts.fields) if (!field.is_usual) shown.add(field.name);
    this.drawFields(
      this.fields,
      this.boxes,
      facts.fields.filter(({ name }) => shown.has(name)),
      isRefused,
    );
    this.drawShape(facts);
    for (const name of RESULTS) {
      const asked = facts.asked[name];
      put(this.results[name], [asked ? this.question(name, asked) : document.createTextNode(facts[name] ?? "–")]);
      if (!asked) delete this.questions[name];
    }
    this.problem = this.problemOf(isRefused);
    this.verdict = this.verdictOf(facts);
    this.isOpen = index === state.selected && Boolean(facts.details);
    if (this.isOpen) this.drawDetails(facts, isRefused);
    this.mark();
  }

  mark() {
    const isSelected = this.index === this.table.state.selected;
    this.line.classList.toggle("selected", isSelected);
    this.number.setAttribute("aria-expanded", isSelected);
  }

  drawFields(parent, boxes, fields, isRefused) {
    const { table, index, told: facts } = this;
    const shown = fields.map((field) => {
      const isMasked = facts.masked.includes(field.name) && boxes === this.boxes;
      const form = JSON.stringify([facts.type, field.kind, field.options, isMasked]);
      if (boxes.get(field.name)?.form !== form) boxes.set(field.name, { form, ...this.fieldOf(field, isMasked) });
      const { box, input } = boxes.get(field.name);
      if (input) {
        setValue(input, table.state.layers[index].args[field.name] ?? "", this.isFree(input));
        tellWrong(input, isRefused && table.touched === field.name, `trouble-${index}`);
      }
      return box;
    });
    put(parent, shown);
  }

  drawShape(facts) {
    if (!facts.asked.shape) delete this.questions.shape;
    if (!facts.shape) {
      this.results.shape.replaceChildren("–");
      return;
    }
    this.before.textContent = `${facts.shape_in} → `;
    put(this.after, [
      facts.asked.shape ? this.question("shape", facts.asked.shape) : document.createTextNode(facts.shape),
    ]);
    put(this.results.shape, [this.before, this.after]);
  }

  question(kind, asked) {
    const { table, index } = this;
    const name = QUESTIONS[kind] + index;
    if (asked.right) {
      delete this.questions[kind];
      return told("span", "right", `✓ ${asked.value}`);
    }
    let input = this.questions[kind];
    if (!input) {
      input = textField(
        fill(table.data.texts[`question_${kind}`], { row: index + 1 }),
        (isDone) => isDone && table.answer(name, input.value),
      );
      input.classList.add("answer", kind);
      input.placeholder = "?";
      input.dataset.name = `answer_${kind}`;
      this.questions[kind] = input;
    }
    const answer = table.state.answers[name] ?? "";
    if (input.value !== answer && this.isFree(input)) input.value = answer;
    return input;
  }

  fieldOf(field, isMasked) {
    const { table, index } = this;
    const box = make("label");
    box.title = `${field.name}: ${field.about}`;
    box.append(told("span", "", field.label));
    if (isMasked) {
      box.append(told("i", "", "?"));
      return { box };
    }
    let input;
    if (field.kind === "choice") {
      input = make("select");
      for (const option of field.options) input.append(optionOf(option));
      input.addEventListener("change", () => table.setArgument(index, field.name, input.value));
    } else {
      input = textField("", (isDone) => {
        sizeField(input);
        table.typed(input, isDone, (value) => table.setArgument(index, field.name, value));
      });
      if (field.kind === "number") {
        input.inputMode = "numeric";
        input.addEventListener("keydown", (event) => count(event, input));
      }
    }
    input.dataset.name = field.name;
    input.setAttribute("aria-label", this.named(field.name));
    box.append(input);
    return { box, input };
  }

  // ----------------------------------------------------------------- below the line

  problemOf(isRefused) {
    const { table, index } = this;
    const { problem, texts } = table.data;
    if (isRefused) {
      const sentence = told("span", "trouble", table.refused.sentence);
      sentence.id = `trouble-${index}`;
      return wideRow(COLUMNS, "problem", sentence);
    }
    if (!problem || problem.row !== index) return null;
    const parts = [told("span", "trouble", problem.sentence)];
    if (problem.suggestions.length) {
      const suggestions = make("div", "suggestions");
      problem.suggestions.forEach((label, number) =>
        suggestions.append(buttonOf(label, () => table.send({ suggestion: number }))),
      );
      parts.push(suggestions);
    }
    if (problem.torch_says) {
      const torch = told("span", "torch", texts.torch_says);
      torch.append(" ", told("code", "", problem.torch_says));
      parts.push(torch);
    }
    return wideRow(COLUMNS, "problem", ...parts);
  }

  verdictOf(facts) {
    const { table, index } = this;
    const verdicts = Object.entries(facts.asked).filter(([, asked]) => asked.sentences.length && !asked.right);
    if (!verdicts.length) return null;
    const parts = verdicts.map(([kind, asked]) => {
      const line = make("div");
      for (const sentence of asked.sentences)
        line.append(told("span", sentence.endsWith(" = ?") ? "sentence formula" : "sentence", sentence));
      line.append(buttonOf(table.data.texts.reveal, () => table.ask([QUESTIONS[kind] + index], false)));
      return line;
    });
    return wideRow(COLUMNS, "verdict", ...parts);
  }

  drawDetails(facts, isRefused) {
    const { table, index } = this;
    const { texts } = table.data;
    this.list.replaceChildren(
      ...facts.details.flatMap(([label, text, isFormula]) => [
        told("dt", "", label),
        told("dd", isFormula ? "formula" : "", text),
      ]),
    );
    const optional = facts.fields.filter((field) => field.usual !== null);
    this.drawFields(this.moreFields, this.more, optional, isRefused);
    for (const field of optional) this.more.get(field.name).box.classList.toggle("usual", field.is_usual);
    put(this.optional, optional.length ? [this.moreLabel, this.moreFields] : []);
    this.asks.replaceChildren(
      ...Object.entries(QUESTIONS)
        .filter(([kind]) => facts.can_ask.includes(kind))
        .map(([kind, letter]) => {
          const isHidden = table.state.hidden.includes(letter + index);
          return buttonOf(texts[`${isHidden ? "show" : "hide"}_${kind}`], () => table.ask([letter + index], !isHidden));
        }),
    );
  }
}

// ----------------------------------------------------------------- fields

// Up and down count, as in a number field; those of a browser are too wide for a table.
function count(event, input) {
  const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!by || !/^\d{1,8}$/.test(input.value)) return;
  event.preventDefault();
  input.value = Math.max(0, Number(input.value) + by);
  input.dispatchEvent(new Event("input"));
}

function setValue(input, value, isFree) {
  // What is being typed stays as it is.
  if (input.value !== value && isFree) input.value = value;
  if (input.tagName === "INPUT") sizeField(input);
}

function sizeField(input) {
  input.style.width = `${Math.max(2, Math.min(12, input.value.length)) + 1.9}ch`;
}

// Let those who do not see the colour know which field is meant, and where it is said what is wrong with it.
export function tellWrong(input, isWrong, id) {
  for (const [name, value] of Object.entries({ "aria-invalid": "true", "aria-describedby": id })) {
    if (isWrong) input.setAttribute(name, value);
    else input.removeAttribute(name);
  }
}

export function textField(label, act) {
  const input = make("input");
  Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 });
  if (label) input.setAttribute("aria-label", label);
  input.addEventListener("input", () => act(false));
  input.addEventListener("change", () => act(true));
  return input;
}

export function optionOf(name) {
  const option = told("option", "", name);
  option.value = name;
  return option;
}

export function cellOf(name, ...content) {
  const made = make("td", name);
  made.append(...content);
  return made;
}
