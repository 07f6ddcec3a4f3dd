// The layers of a network. What is typed is kept here and told to Python as text; Python checks it, and answers with
// each row's form and with all that follows from it.

import { buttonOf, make, nextMessage, put, told } from "../lib/dom.js";
import { fill } from "../lib/words.js";
import { cellOf, optionOf, QUESTIONS, RESULTS, Row, tellWrong, textField } from "./row.js";

const TYPING_REST = 450; // milliseconds after the last key in a field until it is told

const tables = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".network");
  let table = tables.get(root);
  if (!table) {
    table = new NetworkTable(root);
    tables.set(root, table);
  }
  table.tell = (act) => setStateValue("act", act);
  table.take(data);
  return () => clearTimeout(table.timer);
}

class NetworkTable {
  constructor(root) {
    this.root = root;
    this.state = { input: "", layers: [], hidden: [], selected: null, answers: {} };
    this.pending = null;
    this.shown = []; // of each layer, the names of the arguments that have a field in its row
    this.table = make("table");
    this.add = make("div", "add");
    this.legend = make("details", "legend");
    // What is said somewhere in the table, for those who do not see where; it stays on the page, so that a change of it
    // is read out.
    this.news = make("div", "news");
    this.news.setAttribute("role", "status");
    root.replaceChildren(this.table, this.add, this.legend, this.news);
  }

  take(data) {
    const isFirst = !this.data;
    const isNewer = isFirst || data.revision !== this.data.revision;
    this.data = data;
    if (isFirst) this.drawFrame();
    // An answer to an earlier message would undo what was done since.
    if (this.pending !== null && data.answered !== this.pending && !isNewer) return;
    if (isNewer) clearTimeout(this.timer);
    // The theme may change while it stands there.
    const isRefused = data.refused && [this.pending, this.refused?.message].includes(data.refused.message) && !isNewer;
    this.pending = null;
    if (isNewer) this.shown = [];
    // What cannot be used stays as it was typed, so that it can be corrected.
    if (!isRefused) {
      this.state = {
        input: data.input,
        layers: layersOf(data),
        hidden: [...data.hidden],
        selected: data.selected,
        answers: { ...data.answers },
      };
    }
    this.refused = isRefused ? data.refused : null;
    if (isFirst && data.refused) this.retype(data.refused);
    this.draw(isNewer);
  }

  // A table that comes back, from another view say, has what stood in its fields.
  retype(refused) {
    const { row, typed } = refused;
    if (row === null) this.state.input = typed.input ?? this.state.input;
    else if (this.state.layers[row] && Object.keys(typed).length) {
      Object.assign(this.state.layers[row].args, typed);
      for (const name of Object.keys(typed)) {
        this.shownOf(row).add(name);
        this.touched = name;
      }
    } else return;
    this.refused = refused;
  }

  // ----------------------------------------------------------------- acting

  send(more = {}) {
    clearTimeout(this.timer);
    this.pending = nextMessage();
    this.tell({ ...this.state, suggestion: null, ...more, message: this.pending });
    this.root.classList.add("waiting");
  }

  // Shapes follow from the layers: with other layers, answers are to other questions.
  edit() {
    this.state.answers = {};
    this.send();
  }

  typed(input, isDone, change) {
    clearTimeout(this.timer);
    const tell = () => change(input.value);
    if (isDone) tell();
    else if (input.value.trim()) this.timer = setTimeout(tell, TYPING_REST);
  }

  setArgument(index, name, value) {
    const layer = this.state.layers[index];
    if (!layer || layer.args[name] === value) return;
    layer.args[name] = value;
    this.touched = name;
    this.edit();
  }

  setType(index, type) {
    this.giveUp();
    this.state.layers[index] = { type, args: this.state.layers[index].args };
    this.edit();
  }

  setInput(value) {
    if (value === this.state.input) return;
    this.state.input = value;
    this.edit();
  }

  // Other rows cannot be changed around one that cannot be used: it becomes again what it was.
  giveUp() {
    if (!this.refused) return;
    const { row } = this.refused;
    if (row === null) this.state.input = this.data.input;
    else if (this.state.layers[row]) this.state.layers[row] = layersOf(this.data)[row];
    this.refused = null;
  }

  insert(type) {
    this.giveUp();
    const { layers, selected } = this.state;
    const at = selected === null ? layers.length : selected + 1;
    this.renumber((index) => (index >= at ? index + 1 : index));
    layers.splice(at, 0, { type, args: {} });
    this.shown.splice(at, 0, new Set());
    // What is added next comes after this one.
    if (selected !== null) this.state.selected = at;
    this.edit();
  }

  remove(index) {
    this.giveUp();
    this.state.layers.splice(index, 1);
    this.shown.splice(index, 1);
    this.renumber((one) => (one === index ? null : one > index ? one - 1 : one));
    this.edit();
  }

  move(index, by) {
    this.giveUp();
    const { layers } = this.state;
    for (const list of [layers, this.shown]) list.splice(index + by, 0, ...list.splice(index, 1));
    this.renumber((one) => (one === index ? index + by : one === index + by ? index : one));
    this.edit();
    this.refocus = [index + by, by < 0 ? "up" : "down"];
  }

  renumber(moved) {
    const { selected, hidden } = this.state;
    this.state.selected = selected === null ? null : moved(selected);
    this.state.hidden = hidden
      .map((question) => [question[0], moved(Number(question.slice(1)))])
      .filter(([, index]) => index !== null)
      .map(([letter, index]) => letter + index);
  }

  select(index) {
    this.giveUp();
    this.state.selected = this.state.selected === index ? null : index;
    this.send();
    this.draw(false);
  }

  ask(questions, isHidden) {
    this.giveUp();
    const others = this.state.hidden.filter((one) => !questions.includes(one));
    this.state.hidden = isHidden ? [...others, ...questions] : others;
    for (const question of questions) delete this.state.answers[question];
    this.send();
  }

  answer(question, text) {
    if (!text.trim() || this.state.answers[question] === text) return;
    this.state.answers[question] = text;
    this.send();
  }

  // ----------------------------------------------------------------- the frame

  drawFrame() {
    const { texts } = this.data;
    const head = make("tr");
    for (const name of ["number", "type", "arguments", "shape", ...RESULTS, "tools"]) {
      const cell = make("th", name);
      cell.append(texts[name] ?? "");
      if (texts[`${name}_help`]) cell.title = texts[`${name}_help`];
      if (name in QUESTIONS) cell.append(this.askAllButton(name));
      head.append(cell);
    }
    const thead = make("thead");
    thead.append(head);
    this.body = make("tbody");
    this.foot = make("tfoot");
    this.table.replaceChildren(thead, this.body, this.foot);
    this.entry = make("tr", "entry");
    this.input = textField(texts.input_name, (isDone) =>
      this.typed(this.input, isDone, (value) => this.setInput(value)),
    );
    this.input.classList.add("input");
    const label = make("td", "type");
    label.append(texts.input);
    const field = cellOf("arguments", this.input);
    field.colSpan = 6;
    this.entryTrouble = make("span", "trouble");
    this.entryTrouble.id = "trouble-input";
    field.append(this.entryTrouble);
    this.entry.append(make("td", "number"), label, field);
    this.types = make("select");
    this.types.setAttribute("aria-label", texts.add_name);
    for (const { name, about } of this.data.types) {
      const option = optionOf(name);
      option.title = about;
      this.types.append(option);
    }
    this.addButton = buttonOf("", () => this.insert(this.types.value));
    this.note = make("span");
    this.add.replaceChildren(this.types, this.addButton, this.note);
    this.drawLegend();
    this.rows = [];
  }

  // A tip of a column's head is for those with a mouse only.
  drawLegend() {
    const { texts } = this.data;
    const list = make("dl");
    for (const name of ["number", "shape", ...RESULTS])
      list.append(told("dt", "", texts[name]), told("dd", "", texts[`${name}_help`]));
    this.legend.replaceChildren(told("summary", "", texts.legend), list);
  }

  askAllButton(kind) {
    const button = buttonOf("?", () => {
      const all = this.data.askable.filter((one) => one[0] === QUESTIONS[kind]);
      this.ask(all, !all.every((one) => this.state.hidden.includes(one)));
    });
    button.className = "ask";
    button.title = this.data.texts[`ask_all_${kind}`];
    button.setAttribute("aria-label", button.title);
    return button;
  }

  // ----------------------------------------------------------------- drawing

  draw(isNewer) {
    const { texts, most, totals, problem } = this.data;
    const active = this.root.getRootNode().activeElement;
    const focus = active ? { row: active.closest?.("tr")?.dataset.row, name: active.dataset?.name } : {};
    if (this.input !== active || isNewer) this.input.value = this.state.input;
    const inputRefused = this.refused?.row === null;
    this.entryTrouble.textContent = inputRefused ? this.refused.sentence : "";
    this.input.classList.toggle("wrong", inputRefused);
    tellWrong(this.input, inputRefused, this.entryTrouble.id);
    if (this.pending === null) {
      while (this.rows.length > this.state.layers.length) this.rows.pop();
      while (this.rows.length < this.state.layers.length) this.rows.push(new Row(this, this.rows.length));
      for (const row of this.rows) row.draw(isNewer, active);
      this.drawTotals(totals, problem);
    } else for (const row of this.rows) row.mark();
    put(this.body, [this.entry, ...this.rows.flatMap((row) => row.lines())]);
    const { selected, layers } = this.state;
    this.addButton.textContent = selected === null ? texts.add_last : fill(texts.add_after, { row: selected + 1 });
    this.addButton.disabled = layers.length >= most;
    this.note.textContent = layers.length >= most ? texts.full : this.data.progress;
    this.root.classList.toggle("waiting", this.pending !== null);
    if (this.pending === null) this.tellNews();
    this.keepFocus(focus);
  }

  tellNews() {
    const { problem, rows, progress } = this.data;
    const verdicts = rows
      .flatMap(({ asked }) => Object.values(asked))
      .flatMap(({ right, sentences }) => (right ? [] : sentences));
    const news = [this.refused?.sentence ?? problem?.sentence, ...verdicts, progress].filter(Boolean).join(" ");
    if (this.news.textContent !== news) this.news.textContent = news;
  }

  shownOf(index) {
    return (this.shown[index] ??= new Set());
  }

  keepFocus(focus) {
    const [row, name] = this.refocus && this.pending === null ? this.refocus : [focus.row, focus.name];
    if (this.refocus && this.pending === null) this.refocus = null;
    if (row === undefined || !name || this.root.getRootNode().activeElement) return;
    const found = this.table.querySelector(`tr[data-row="${row}"] [data-name="${name}"]`);
    found?.focus();
  }

  drawTotals(totals, problem) {
    const { texts } = this.data;
    const line = make("tr", "total");
    const memory = cellOf("arguments", totals.memory);
    memory.title = texts.memory_help;
    line.append(
      cellOf("number"),
      cellOf("type", problem ? texts.total_so_far : texts.total),
      memory,
      cellOf("result shape"),
    );
    line.append(
      cellOf("result params", totals.params),
      cellOf("result field"),
      cellOf("result macs", totals.macs),
      cellOf("tools"),
    );
    for (const name of ["params", "macs"]) line.querySelector(`.${name}`).dataset.label = texts[name];
    this.foot.replaceChildren(line);
  }
}

function layersOf(data) {
  return data.rows.map(({ type, fields }) => ({
    type,
    args: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  }));
}
