// Tables of numbers, one line per channel. Everything is a text that Python wrote.

function make(tag, className, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function table(className, title, cells, finish) {
  const rows = cells.map((line, row) =>
    make(
      "tr",
      "",
      line.map((cell, column) => {
        const box = make("td", "", [cell.text]);
        finish(box, cell, row, column);
        return box;
      }),
    ),
  );
  return make("table", className, [make("caption", "", [title]), make("tbody", "", rows)]);
}

// Orange for positive, blue for negative, the stronger the larger.
function signed(box, cell) {
  box.className = cell.share > 0 ? "positive" : cell.share < 0 ? "negative" : "";
  box.style.setProperty("--share", Math.abs(cell.share).toFixed(3));
}

// A pixel is drawn in its own grey.
function pixel(box, cell) {
  const level = Number(cell.text);
  box.style.background = `rgb(${level} ${level} ${level})`;
  box.style.color = level > 127 ? "#000" : "#fff";
}

// A sentence, with the colour in which its result is drawn.
function sentence(text, colour) {
  const line = make("p", "total", [make("span", "", [text])]);
  if (colour !== null) {
    const swatch = make("span", "swatch");
    swatch.style.background = colour;
    line.append(swatch);
  }
  return line;
}

function part(data, colour, words, isAlone) {
  const size = data.window[0].length > 5 ? "equation small" : "equation";
  const won = new Set((data.won ?? []).map(String));
  const equation = make("div", size, [
    table("window", words.window, data.window, (box, cell, row, column) => {
      if (data.padding[row][column]) {
        box.className = "padding";
        box.title = words.padding;
      } else pixel(box, cell);
      box.classList.toggle("won", won.has(`${row},${column}`));
    }),
  ]);
  if (data.kernel) {
    equation.append(
      make("span", "operator", ["×"]),
      table("kernel", words.kernel, data.kernel, signed),
      make("span", "operator", ["="]),
      table("products", words.products, data.products, signed),
    );
  }
  const total = sentence(data.sentence, isAlone ? colour : null);
  const name = data.name ? [make("p", "name", [data.name])] : [];
  return make("section", "part", [...name, equation, total]);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".mount");
  const isAlone = data.parts.length === 1 && !data.together;
  const together = data.together ? [sentence(data.together, data.colour)] : [];
  root.replaceChildren(...data.parts.map((each) => part(each, data.colour, data.words, isAlone)), ...together);
}
