// A table of layers. What is typed is kept here and told to Python as text, `c5s1p0d1,p2s2p0d1`; Python checks it, and
// answers with the layers and with all that follows from them.

import { ICONS, icon, make, nextMessage, put, told, wideRow } from "../lib/dom.js";
import { fill } from "../lib/words.js";

const COLUMNS = 11;
const SETTINGS = ["kernel", "stride", "padding", "dilation"];
const LETTERS = { conv: "c", pool: "p", stride: "s", padding: "p", dilation: "d" };
const TYPING_REST = 350; // milliseconds after the last key of a number until it is told

const tables = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".layers");
  let table = tables.get(root);
  if (!table) {
    table = new LayerTable(root);
    tables.set(root, table);
  }
  table.tell = (edit) => setStateValue("edit", edit);
  table.take(data);
  return () => clearTimeout(table.timer);
}

class LayerTable {
  constructor(root) {
    this.root = root;
    this.layers = [];
    this.open = new Set();
    this.pending = null;
    this.refused = null; // the number of the row where something was typed that cannot be used, and what is said to it
    this.table = make("table");
    this.add = make("div", "add");
    root.replaceChildren(this.table, this.add);
  }

  take(data) {
    const isFirst = !this.data;
    this.data = data;
    if (isFirst) this.drawFrame();
    const isNewer = data.revision !== this.revision;
    this.revision = data.revision;
    // An answer to an earlier edit would undo the later one.
    if (this.pending !== null && data.answered !== this.pending && !isNewer) return;
    if (isNewer) {
      clearTimeout(this.timer);
      this.refused = null;
    }
    this.pending = null;
    this.layers = data.rows.map(({ kind, kernel, stride, padding, dilation }) => ({
      kind,
      kernel,
      stride,
      padding,
      dilation,
    }));
    this.draw(isNewer);
  }

  // ----------------------------------------------------------------- editing

  send() {
    clearTimeout(this.timer);
    this.refused = null;
    const text = this.layers
      .map(
        (layer) =>
          LETTERS[layer.kind] +
          layer.kernel +
          SETTINGS.slice(1)
            .map((name) => LETTERS[name] + layer[name])
            .join(""),
      )
      .join(",");
    this.pending = nextMessage();
    this.tell({ text, message: this.pending });
    this.root.classList.add("waiting");
  }

  change(index, name, value) {
    const layer = this.layers[index];
    if (!layer || layer[name] === value) return;
    if (name === "kind") {
      // As in PyTorch, where a pooling's stride is its own size unless something else is said.
      if (value === "pool" && layer.stride === 1) layer.stride = Math.min(layer.kernel, this.data.limits.stride[1]);
      else if (value === "conv" && layer.stride === layer.kernel) layer.stride = 1;
    }
    layer[name] = value;
    this.send();
  }

  type(index, name, input, isDone) {
    clearTimeout(this.timer);
    const [low, high] = this.data.limits[name];
    const value = Number(input.value);
    if (/^\d{1,3}$/.test(input.value) && low <= value && value <= high) {
      if (isDone) this.change(index, name, value);
      else this.timer = setTimeout(() => this.change(index, name, value), TYPING_REST);
      if (isDone && this.refused !== null) {
        this.refused = null;
        this.draw(false);
      }
    } else if (isDone) this.refuse(index, name, input);
  }

  // Put back what was there, and say why.
  refuse(index, name, input) {
    const { texts, limits } = this.data;
    const kept = this.layers[index]?.[name] ?? "";
    const template = input.validity.badInput
      ? texts.refused_text
      : input.value === ""
        ? texts.refused_empty
        : texts.refused;
    const cellName = fill(texts.cell_name, { name: texts[name], layer: index + 1 });
    const [low, high] = limits[name];
    const line = wideRow(
      COLUMNS,
      "trouble",
      fill(template, { cell: cellName, value: minus(input.value), low, high, kept }),
    );
    input.value = kept;
    line.setAttribute("role", "alert");
    this.refused = { index, line };
    this.draw(false);
  }

  insert(kind) {
    this.layers.push({
      kind,
      kernel: kind === "conv" ? 3 : 2,
      stride: kind === "conv" ? 1 : 2,
      padding: 0,
      dilation: 1,
    });
    this.send();
    this.draw();
  }

  remove(index) {
    this.layers.splice(index, 1);
    this.open = new Set([...this.open].filter((one) => one !== index).map((one) => (one > index ? one - 1 : one)));
    this.send();
    this.draw();
  }

  move(index, by) {
    const [layer] = this.layers.splice(index, 1);
    this.layers.splice(index + by, 0, layer);
    const [here, there] = [this.open.has(index), this.open.has(index + by)];
    this.toggle(index, there);
    this.toggle(index + by, here);
    this.send();
    this.draw();
    this.rows[index + by].buttons[by < 0 ? "up" : "down"].focus();
  }

  toggle(index, isOpen) {
    if (isOpen) this.open.add(index);
    else this.open.delete(index);
  }

  // ----------------------------------------------------------------- drawing

  drawFrame() {
    const { texts } = this.data;
    const head = make("tr");
    for (const name of ["number", "kind", ...SETTINGS, "output", "field", "jump", "start", "tools"]) {
      const cell = make("th");
      cell.textContent = texts[name] ?? "";
      if (texts[`${name}_help`]) cell.title = texts[`${name}_help`];
      head.append(cell);
    }
    const thead = make("thead");
    thead.append(head);
    this.body = make("tbody");
    this.table.replaceChildren(thead, this.body);
    this.addButtons = ["conv", "pool"].map((kind) => {
      const button = make("button");
      button.type = "button";
      button.textContent = texts[`add_${kind}`];
      button.addEventListener("click", () => this.insert(kind));
      return button;
    });
    this.note = make("span");
    this.add.replaceChildren(...this.addButtons, this.note);
    this.rows = [];
  }

  draw(isNewer = true) {
    const { texts, most } = this.data;
    if (this.rows.length !== this.layers.length) {
      const kept = this.rows.slice(0, this.layers.length);
      while (kept.length < this.layers.length) kept.push(this.makeRow(kept.length));
      this.rows = kept;
    }
    this.rows.forEach((row, index) => this.fillRow(row, index, isNewer));
    put(this.body, this.rows.flatMap((row) => [row.line, row.refused, row.trouble, row.steps]).filter(Boolean));
    for (const button of this.addButtons) button.disabled = this.layers.length >= most;
    this.note.textContent = this.layers.length >= most ? texts.full : "";
    this.root.classList.toggle("waiting", this.pending !== null);
  }

  makeRow(index) {
    const { texts, limits } = this.data;
    const row = { line: make("tr"), inputs: {}, results: {}, buttons: {} };
    const number = make("td", "number");
    number.textContent = index + 1;
    const kind = make("select");
    for (const name of ["conv", "pool"]) {
      const option = make("option");
      option.value = name;
      option.textContent = texts[name];
      kind.append(option);
    }
    kind.setAttribute("aria-label", fill(texts.cell_name, { name: texts.kind, layer: index + 1 }));
    kind.addEventListener("change", () => {
      this.change(index, "kind", kind.value);
      this.draw();
    });
    row.inputs.kind = kind;
    row.line.append(number, cell(kind, texts.kind));
    for (const name of SETTINGS) {
      const input = make("input");
      Object.assign(input, { type: "number", min: limits[name][0], max: limits[name][1], step: 1, required: true });
      input.setAttribute("aria-label", fill(texts.cell_name, { name: texts[name], layer: index + 1 }));
      input.addEventListener("input", () => this.type(index, name, input, false));
      input.addEventListener("change", () => this.type(index, name, input, true));
      row.inputs[name] = input;
      row.line.append(cell(input, texts[name]));
    }
    for (const name of ["output", "field", "jump", "start"]) {
      const result = make("td", `result ${name}`);
      result.dataset.label = texts[name];
      row.results[name] = result;
      row.line.append(result);
    }
    const tools = make("td", "tools");
    const acts = {
      steps: () => this.flip(index),
      up: () => this.move(index, -1),
      down: () => this.move(index, 1),
      remove: () => this.remove(index),
    };
    for (const [name, act] of Object.entries(acts)) {
      const button = make("button");
      button.type = "button";
      button.append(icon(ICONS[name === "steps" ? "right" : name]));
      button.title = texts[`do_${name}`];
      button.setAttribute("aria-label", fill(texts[`name_${name}`], { layer: index + 1 }));
      button.addEventListener("click", act);
      row.buttons[name] = button;
      tools.append(button);
    }
    row.line.append(tools);
    return row;
  }

  flip(index) {
    this.toggle(index, !this.open.has(index));
    this.draw();
  }

  fillRow(row, index, isNewer) {
    const { rows, trouble, texts, hidden, selected } = this.data;
    const layer = this.layers[index];
    const active = this.root.getRootNode().activeElement;
    for (const [name, input] of Object.entries(row.inputs)) {
      const value = String(layer[name]);
      // A number that is being typed stays as it is.
      if (input.value !== value && (isNewer || input !== active)) input.value = value;
    }
    const told = this.pending === null ? rows[index] : undefined;
    const known = this.pending === null ? told?.output !== undefined : true;
    if (this.pending === null || row.results.output.childNodes.length === 0) {
      row.results.output.replaceChildren(told?.output === undefined ? "–" : `${told.output}×${told.output}`);
      const strong = make("b");
      const how = make("span", "how");
      strong.textContent = told?.field === undefined ? "–" : hidden ? "?" : told.field;
      how.textContent = told?.how && !hidden ? ` = ${told.how}` : "";
      row.results.field.replaceChildren(strong, how);
      for (const name of ["jump", "start"])
        row.results[name].replaceChildren(told?.[name] === undefined ? "–" : hidden ? "?" : minus(told[name]));
    }
    row.line.classList.toggle("beyond", !known);
    row.line.classList.toggle("selected", selected === index + 1);
    row.buttons.up.disabled = index === 0;
    row.buttons.down.disabled = index === this.layers.length - 1;
    const steps = this.open.has(index) && !hidden && told?.steps;
    row.buttons.steps.disabled = hidden || !rows[index]?.steps;
    row.buttons.steps.setAttribute("aria-expanded", Boolean(steps));
    row.steps = steps ? wideRow(COLUMNS, "steps", ...told.steps.map(([name, text]) => step(name, text))) : null;
    row.trouble =
      trouble && trouble.number === index + 1 && this.pending === null
        ? wideRow(COLUMNS, "trouble", trouble.sentence)
        : null;
    if (row.trouble) row.trouble.setAttribute("role", "alert");
    row.refused = this.refused?.index === index ? this.refused.line : null;
  }
}

function cell(content, label) {
  const made = make("td");
  made.dataset.label = label;
  made.append(content);
  return made;
}

function step(name, text) {
  const made = make("span");
  const label = make("b");
  label.textContent = `${name}: `;
  made.append(label, text);
  return made;
}

function minus(number) {
  return String(number).replace("-", "−");
}
