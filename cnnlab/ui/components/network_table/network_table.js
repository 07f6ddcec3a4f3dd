// The layers of a network. What is typed is kept here and told to Python as text; Python checks it, and answers with
// each row's form and with all that follows from it.

const TYPING_REST = 450 // milliseconds after the last key in a field until it is told
const ICONS = { up: "M2 10l5-6 5 6", down: "M2 4l5 6 5-6", remove: "M2 2l10 10M12 2L2 12" }
const RESULTS = ["params", "field", "macs"]
const QUESTIONS = { shape: "s", params: "p" }

const tables = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".network")
  let table = tables.get(root)
  if (!table) {
    table = new NetworkTable(root)
    tables.set(root, table)
  }
  table.tell = (act) => setStateValue("act", act)
  table.take(data)
  return () => clearTimeout(table.timer)
}

class NetworkTable {
  constructor(root) {
    this.root = root
    this.state = { input: "", layers: [], hidden: [], selected: null, answers: {} }
    this.pending = null
    this.shown = [] // of each row, the names of the arguments that have a field in it
    this.table = make("table")
    this.add = make("div", "add")
    root.replaceChildren(this.table, this.add)
  }

  take(data) {
    const isFirst = !this.data
    const isNewer = isFirst || data.revision !== this.data.revision
    this.data = data
    if (isFirst) this.drawFrame()
    // An answer to an earlier message would undo what was done since.
    if (this.pending !== null && data.answered !== this.pending && !isNewer) return
    if (isNewer) clearTimeout(this.timer)
    // The theme may change while it stands there.
    const isRefused = data.refused && [this.pending, this.refused?.message].includes(data.refused.message) && !isNewer
    this.pending = null
    if (isNewer) this.shown = []
    // What cannot be used stays as it was typed, so that it can be mended.
    if (!isRefused) {
      this.state = {
        input: data.input,
        layers: layersOf(data),
        hidden: [...data.hidden],
        selected: data.selected,
        answers: { ...data.answers },
      }
    }
    this.refused = isRefused ? data.refused : null
    this.draw(isNewer)
  }

  // ----------------------------------------------------------------- acting

  send(more = {}) {
    clearTimeout(this.timer)
    this.pending = Date.now()
    this.tell({ ...this.state, mend: null, ...more, message: this.pending })
    this.root.classList.add("waiting")
  }

  // Shapes follow from the layers: with other layers, answers are to other questions.
  edit() {
    this.state.answers = {}
    this.send()
  }

  typed(input, isDone, change) {
    clearTimeout(this.timer)
    const tell = () => change(input.value)
    if (isDone) tell()
    else if (input.value.trim()) this.timer = setTimeout(tell, TYPING_REST)
  }

  setArgument(index, name, value) {
    const layer = this.state.layers[index]
    if (!layer || layer.args[name] === value) return
    layer.args[name] = value
    this.edit()
  }

  setType(index, type) {
    this.giveUp()
    this.state.layers[index] = { type, args: this.state.layers[index].args }
    this.edit()
  }

  setInput(value) {
    if (value === this.state.input) return
    this.state.input = value
    this.edit()
  }

  // Other rows cannot be changed around one that cannot be used: it becomes again what it was.
  giveUp() {
    if (!this.refused) return
    const { row } = this.refused
    if (row === null) this.state.input = this.data.input
    else if (this.state.layers[row]) this.state.layers[row] = layersOf(this.data)[row]
    this.refused = null
  }

  insert(type) {
    this.giveUp()
    const { layers, selected } = this.state
    const at = selected === null ? layers.length : selected + 1
    this.renumber((index) => (index >= at ? index + 1 : index))
    layers.splice(at, 0, { type, args: {} })
    this.shown.splice(at, 0, new Set())
    // What is added next comes after this one.
    if (selected !== null) this.state.selected = at
    this.edit()
  }

  remove(index) {
    this.giveUp()
    this.state.layers.splice(index, 1)
    this.shown.splice(index, 1)
    this.renumber((one) => (one === index ? null : one > index ? one - 1 : one))
    this.edit()
  }

  move(index, by) {
    this.giveUp()
    const { layers } = this.state
    for (const list of [layers, this.shown]) list.splice(index + by, 0, ...list.splice(index, 1))
    this.renumber((one) => (one === index ? index + by : one === index + by ? index : one))
    this.edit()
    this.refocus = [index + by, by < 0 ? "up" : "down"]
  }

  renumber(moved) {
    const { selected, hidden } = this.state
    this.state.selected = selected === null ? null : moved(selected)
    this.state.hidden = hidden
      .map((question) => [question[0], moved(Number(question.slice(1)))])
      .filter(([, index]) => index !== null)
      .map(([letter, index]) => letter + index)
  }

  select(index) {
    this.giveUp()
    this.state.selected = this.state.selected === index ? null : index
    this.send()
    this.draw(false)
  }

  ask(questions, isHidden) {
    this.giveUp()
    const others = this.state.hidden.filter((one) => !questions.includes(one))
    this.state.hidden = isHidden ? [...others, ...questions] : others
    for (const question of questions) delete this.state.answers[question]
    this.send()
  }

  answer(question, text) {
    if (!text.trim() || this.state.answers[question] === text) return
    this.state.answers[question] = text
    this.send()
  }

  // ----------------------------------------------------------------- the frame

  drawFrame() {
    const { texts } = this.data
    const head = make("tr")
    for (const name of ["number", "type", "arguments", "shape", ...RESULTS, "tools"]) {
      const cell = make("th", name)
      cell.append(texts[name] ?? "")
      if (texts[`${name}_help`]) cell.title = texts[`${name}_help`]
      if (name in QUESTIONS) cell.append(this.askAllButton(name))
      head.append(cell)
    }
    const thead = make("thead")
    thead.append(head)
    this.body = make("tbody")
    this.foot = make("tfoot")
    this.table.replaceChildren(thead, this.body, this.foot)
    this.entry = make("tr", "entry")
    this.input = textField(texts.input_name, (isDone) => this.typed(this.input, isDone, (value) => this.setInput(value)))
    this.input.classList.add("input")
    const label = make("td", "type")
    label.append(texts.input)
    const field = cellOf("arguments", this.input)
    field.colSpan = 6
    this.entryTrouble = make("span", "trouble")
    field.append(this.entryTrouble)
    this.entry.append(make("td", "number"), label, field)
    this.types = make("select")
    this.types.setAttribute("aria-label", texts.add_name)
    for (const { name, about } of this.data.types) {
      const option = optionOf(name)
      option.title = about
      this.types.append(option)
    }
    this.addButton = buttonOf("", () => this.insert(this.types.value))
    this.note = make("span")
    this.add.replaceChildren(this.types, this.addButton, this.note)
    this.rows = []
  }

  askAllButton(kind) {
    const button = buttonOf("?", () => {
      const all = this.data.askable.filter((one) => one[0] === QUESTIONS[kind])
      this.ask(all, !all.every((one) => this.state.hidden.includes(one)))
    })
    button.className = "ask"
    button.title = this.data.texts[`ask_all_${kind}`]
    button.setAttribute("aria-label", button.title)
    return button
  }

  // ----------------------------------------------------------------- drawing

  draw(isNewer) {
    const { texts, most, totals, problem } = this.data
    const active = this.root.getRootNode().activeElement
    const focus = active ? { row: active.closest?.("tr")?.dataset.row, name: active.dataset?.name } : {}
    if (this.input !== active || isNewer) this.input.value = this.state.input
    const inputRefused = this.refused && this.refused.row === null
    this.entryTrouble.textContent = inputRefused ? this.refused.sentence : ""
    this.input.classList.toggle("wrong", Boolean(inputRefused))
    if (this.pending === null) {
      while (this.rows.length > this.state.layers.length) this.rows.pop()
      this.state.layers.forEach((layer, index) => this.drawRow(index, isNewer, active))
    } else this.rows.forEach((row, index) => row.line.classList.toggle("selected", index === this.state.selected))
    const lines = this.rows.flatMap((row) => [row.line, row.problem, row.verdict, row.details]).filter(Boolean)
    put(this.body, [this.entry, ...lines])
    if (this.pending === null) this.drawTotals(totals, problem)
    const { selected, layers } = this.state
    this.addButton.textContent = selected === null ? texts.add_last : fill(texts.add_after, { row: selected })
    this.addButton.disabled = layers.length >= most
    this.note.textContent = layers.length >= most ? texts.full : this.data.progress
    this.root.classList.toggle("waiting", this.pending !== null)
    this.keepFocus(focus)
  }

  keepFocus(focus) {
    const [row, name] = this.refocus && this.pending === null ? this.refocus : [focus.row, focus.name]
    if (this.refocus && this.pending === null) this.refocus = null
    if (row === undefined || !name || this.root.getRootNode().activeElement) return
    const found = this.table.querySelector(`tr[data-row="${row}"] [data-name="${name}"]`)
    found?.focus()
  }

  drawRow(index, isNewer, active) {
    const told = this.data.rows[index]
    const layer = this.state.layers[index]
    const shown = (this.shown[index] ??= new Set())
    for (const field of told.fields) if (!field.is_usual) shown.add(field.name)
    const signature = JSON.stringify([told.type, told.fields.map(({ name, kind }) => [name, kind, shown.has(name)]), told.masked])
    let row = this.rows[index]
    if (!row || row.signature !== signature) {
      row = this.makeRow(index, told, shown)
      row.signature = signature
      this.rows[index] = row
    }
    row.type.value = told.type
    for (const [name, input] of Object.entries(row.inputs)) setValue(input, layer.args[name] ?? "", isNewer || input !== active)
    const isRefused = this.refused?.row === index
    row.line.classList.toggle("refused", isRefused)
    row.line.classList.toggle("beyond", !told.shape)
    row.line.classList.toggle("quiet", told.is_quiet)
    row.line.classList.toggle("selected", index === this.state.selected)
    row.number.setAttribute("aria-expanded", index === this.state.selected)
    row.buttons.up.disabled = index === 0
    row.buttons.down.disabled = index === this.state.layers.length - 1
    this.drawShape(row.results.shape, index, told)
    for (const name of RESULTS) {
      const asked = told.asked[name]
      row.results[name].replaceChildren(asked ? this.question(index, name, asked) : told[name] ?? "–")
    }
    row.problem = this.problemOf(index, isRefused)
    row.verdict = this.verdictOf(told)
    row.details = index === this.state.selected && told.details ? this.detailsOf(index, told, row.details, isNewer, active) : null
  }

  drawShape(cell, index, told) {
    if (!told.shape) {
      cell.replaceChildren("–")
      return
    }
    const before = make("span", "before")
    before.textContent = `${told.shape_in} → `
    const after = make("b")
    if (told.asked.shape) after.append(this.question(index, "shape", told.asked.shape))
    else after.textContent = told.shape
    cell.replaceChildren(before, after)
  }

  question(index, kind, asked) {
    const { texts } = this.data
    const question = QUESTIONS[kind] + index
    if (asked.right) {
      const right = make("span", "right")
      right.textContent = `✓ ${asked.value}`
      return right
    }
    const input = textField(fill(texts[`question_${kind}`], { row: index }), (isDone) => isDone && this.answer(question, input.value))
    input.classList.add("answer", kind)
    input.placeholder = "?"
    input.value = this.state.answers[question] ?? ""
    input.dataset.name = `answer_${kind}`
    return input
  }

  makeRow(index, told, shown) {
    const { texts, types } = this.data
    const row = { line: make("tr"), inputs: {}, results: {}, buttons: {} }
    row.line.dataset.row = index
    const naming = (name) => fill(texts.cell_name, { name, row: index })
    row.number = buttonOf(String(index), () => this.select(index))
    row.number.title = texts.open
    row.number.dataset.name = "number"
    row.number.setAttribute("aria-label", fill(texts.open_name, { row: index, type: told.type }))
    row.type = make("select")
    row.type.dataset.name = "type"
    row.type.setAttribute("aria-label", naming(texts.type))
    for (const { name } of types) row.type.append(optionOf(name))
    row.type.addEventListener("change", () => this.setType(index, row.type.value))
    const fields = make("div", "fields")
    for (const field of told.fields) {
      if (!shown.has(field.name)) continue
      const made = this.fieldOf(index, field, told.masked.includes(field.name))
      if (made.input) row.inputs[field.name] = made.input
      fields.append(made.box)
    }
    row.line.append(cellOf("number", row.number), cellOf("type", row.type), cellOf("arguments", fields))
    for (const name of ["shape", ...RESULTS]) {
      row.results[name] = cellOf(`result ${name}`)
      row.results[name].dataset.label = texts[name]
      row.line.append(row.results[name])
    }
    const acts = { up: () => this.move(index, -1), down: () => this.move(index, 1), remove: () => this.remove(index) }
    for (const [name, act] of Object.entries(acts)) {
      const button = buttonOf("", act)
      button.append(icon(ICONS[name]))
      button.dataset.name = name
      button.title = texts[`do_${name}`]
      button.setAttribute("aria-label", naming(button.title))
      row.buttons[name] = button
    }
    row.line.append(cellOf("tools", ...Object.values(row.buttons)))
    row.line.addEventListener("click", (event) => {
      if (!event.target.closest("input, select, button, label")) this.select(index)
    })
    return row
  }

  fieldOf(index, field, isMasked) {
    const { texts } = this.data
    const box = make("label")
    box.title = `${field.name}: ${field.about}`
    const name = make("span")
    name.textContent = field.label
    box.append(name)
    if (isMasked) {
      const mask = make("i")
      mask.textContent = "?"
      box.append(mask)
      return { box }
    }
    let input
    if (field.kind === "choice") {
      input = make("select")
      for (const option of field.options) input.append(optionOf(option))
      input.addEventListener("change", () => this.setArgument(index, field.name, input.value))
    } else {
      input = textField("", (isDone) => {
        sizeField(input)
        this.typed(input, isDone, (value) => this.setArgument(index, field.name, value))
      })
      if (field.kind === "number") {
        input.inputMode = "numeric"
        input.addEventListener("keydown", (event) => this.count(event, input))
      }
    }
    input.dataset.name = field.name
    input.setAttribute("aria-label", fill(texts.cell_name, { name: field.name, row: index }))
    box.append(input)
    return { box, input }
  }

  // Up and down count, as in a number field; those of a browser are too wide for a table.
  count(event, input) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!by || !/^\d{1,8}$/.test(input.value)) return
    event.preventDefault()
    input.value = Math.max(0, Number(input.value) + by)
    input.dispatchEvent(new Event("input"))
  }

  // ----------------------------------------------------------------- below a row

  problemOf(index, isRefused) {
    const { problem, texts } = this.data
    if (isRefused) return wide("problem", said("trouble", this.refused.sentence))
    if (!problem || problem.row !== index) return null
    const parts = [said("trouble", problem.sentence)]
    if (problem.mends.length) {
      const mends = make("div", "mends")
      problem.mends.forEach((label, number) => mends.append(buttonOf(label, () => this.send({ mend: number }))))
      parts.push(mends)
    }
    if (problem.torch_says) {
      const torch = said("torch", texts.torch_says)
      const message = make("code")
      message.textContent = problem.torch_says
      torch.append(" ", message)
      parts.push(torch)
    }
    const line = wide("problem", ...parts)
    line.setAttribute("role", "alert")
    return line
  }

  verdictOf(told) {
    const verdicts = Object.entries(told.asked).filter(([, asked]) => asked.sentences.length && !asked.right)
    if (!verdicts.length) return null
    const { texts } = this.data
    const index = this.data.rows.indexOf(told)
    const parts = verdicts.flatMap(([kind, asked]) => {
      const line = make("div")
      for (const sentence of asked.sentences) line.append(said(sentence.endsWith(" = ?") ? "sentence formula" : "sentence", sentence))
      line.append(buttonOf(texts.reveal, () => this.ask([QUESTIONS[kind] + index], false)))
      return [line]
    })
    const line = wide("verdict", ...parts)
    line.setAttribute("role", "status")
    return line
  }

  detailsOf(index, told, old, isNewer, active) {
    const { texts } = this.data
    const line = old?.dataset.signature === told.type + told.masked ? old : wide("details", make("dl"), make("div", "more"), make("div", "asks"))
    line.dataset.row = index
    const [list, more, asks] = line.firstChild.children
    list.replaceChildren(
      ...told.details.flatMap(([label, text, isFormula]) => {
        const [term, value] = [make("dt"), make("dd", isFormula ? "formula" : "")]
        term.textContent = label
        value.textContent = text
        return [term, value]
      }),
    )
    const optional = told.fields.filter((field) => field.usual !== null)
    if (line !== old) {
      line.dataset.signature = told.type + told.masked
      line.inputs = {}
      const fields = make("div", "fields")
      for (const field of optional) {
        const { box, input } = this.fieldOf(index, field, false)
        line.inputs[field.name] = input
        fields.append(box)
      }
      more.replaceChildren(...(optional.length ? [said("label", texts.more), fields] : []))
    }
    for (const field of optional) {
      const input = line.inputs[field.name]
      setValue(input, this.state.layers[index].args[field.name] ?? "", isNewer || input !== active)
      input.closest("label").classList.toggle("usual", field.is_usual)
    }
    asks.replaceChildren(
      ...Object.entries(QUESTIONS).filter(([kind]) => told.can_ask.includes(kind)).map(([kind, letter]) => {
        const isHidden = this.state.hidden.includes(letter + index)
        return buttonOf(texts[`${isHidden ? "show" : "hide"}_${kind}`], () => this.ask([letter + index], !isHidden))
      }),
    )
    return line
  }

  drawTotals(totals, problem) {
    const { texts } = this.data
    const line = make("tr", "total")
    const label = cellOf("type", problem ? texts.total_so_far : texts.total)
    label.colSpan = 2
    const memory = cellOf("arguments", totals.memory)
    line.append(cellOf("number"), label)
    memory.colSpan = 1
    memory.title = texts.memory_help
    label.colSpan = 1
    line.append(memory, cellOf("result shape"), cellOf("result params", totals.params), cellOf("result field"), cellOf("result macs", totals.macs), cellOf("tools"))
    line.querySelector(".params").dataset.label = texts.params
    line.querySelector(".macs").dataset.label = texts.macs
    this.foot.replaceChildren(line)
  }
}

// Let these be the children of an element. What is in its place already is not touched: it would lose the focus.
function put(parent, children) {
  const wanted = new Set(children)
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove()
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null)
  })
}

function layersOf(data) {
  return data.rows.map(({ type, fields }) => ({ type, args: Object.fromEntries(fields.map(({ name, value }) => [name, value])) }))
}

function setValue(input, value, isFree) {
  // What is being typed stays as it is.
  if (input.value !== value && isFree) input.value = value
  if (input.tagName === "INPUT") sizeField(input)
}

function sizeField(input) {
  input.style.width = `${Math.max(2, Math.min(12, input.value.length)) + 1.9}ch`
}

function textField(label, act) {
  const input = make("input")
  Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 })
  if (label) input.setAttribute("aria-label", label)
  input.addEventListener("input", () => act(false))
  input.addEventListener("change", () => act(true))
  return input
}

function make(tag, name) {
  const made = document.createElement(tag)
  if (name) made.className = name
  return made
}

function buttonOf(text, act) {
  const button = make("button")
  button.type = "button"
  button.textContent = text
  button.addEventListener("click", act)
  return button
}

function optionOf(name) {
  const option = make("option")
  option.value = name
  option.textContent = name
  return option
}

function cellOf(name, ...content) {
  const made = make("td", name)
  made.append(...content)
  return made
}

function said(name, text) {
  const made = make("span", name)
  made.textContent = text
  return made
}

function wide(name, ...content) {
  const line = make("tr", name)
  const made = make("td")
  made.colSpan = 8
  made.append(...content)
  line.append(made)
  return line
}

function icon(d) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 14 14")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", d)
  svg.append(path)
  return svg
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all))
}
