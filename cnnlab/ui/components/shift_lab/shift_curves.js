// Two networks' accuracy against the shift as curves, and at every place as maps. Redrawn in place while they train.

import { fill } from "../lib/words.js";
import { make, SVG, setText, shape } from "./dom.js";

const views = new WeakMap();
const HEIGHT = 316;
const MARGIN = { left: 40, right: 12, top: 10, bottom: 36 };
const MAP_CELL = 18;

class ShiftCurves {
  constructor(root, words) {
    Object.assign(this, { root, words, pointed: null });
    this.chart = document.createElementNS(SVG, "svg");
    this.chart.setAttribute("class", "chart");
    this.chart.setAttribute("role", "img");
    this.legend = make("div", "legend");
    this.panel = make("section", "card curve", {}, [make("h3", "", {}, [words.curve]), this.legend, this.chart]);
    this.maps = make("div", "maps");
    this.readout = make("p", "readout", { role: "status" });
    this.scale = make("p", "scale", {}, [words.scale[0], make("i", "bar"), words.scale[1]]);
    this.places = make("section", "card places", {}, [
      make("h3", "", {}, [words.places]),
      this.maps,
      this.scale,
      this.readout,
    ]);
    this.body = make("div", "body", {}, [this.panel, this.places]);
    root.replaceChildren(this.body);
    this.observer = new ResizeObserver(() => this.data && this.#drawChart());
    this.observer.observe(this.panel);
  }

  update(data) {
    this.data = data;
    this.#paint();
    this.#drawLegend();
    this.#drawChart();
    this.#drawMaps();
  }

  // The theme's colours for charts, which colour-blind people tell apart; they change with the theme.
  #paint() {
    const colours = getComputedStyle(this.root)
      .getPropertyValue("--st-chart-categorical-colors")
      .match(/#[0-9a-f]{6}/gi);
    if (!colours || colours.length < 4) return;
    ["--cnn", "--mlp", "--good", "--bad"].forEach((name, index) => this.root.style.setProperty(name, colours[index]));
  }

  #drawLegend() {
    this.data.networks.forEach((network, index) => {
      const entry = this.legend.children[index] ?? make("span", `is-${network.key}`);
      if (!entry.isConnected) this.legend.append(entry);
      setText(entry, network.legend);
    });
  }

  #drawChart() {
    const { networks, shifts } = this.data;
    const width = this.panel.clientWidth - 26;
    if (width <= 0) return;
    const svg = this.chart;
    svg.replaceChildren();
    svg.setAttribute("width", width);
    svg.setAttribute("height", HEIGHT);
    svg.setAttribute("aria-label", this.data.summary);
    const x = (shift) => MARGIN.left + (shifts > 1 ? shift / (shifts - 1) : 0.5) * (width - MARGIN.left - MARGIN.right);
    const y = (share) => MARGIN.top + (1 - share) * (HEIGHT - MARGIN.top - MARGIN.bottom);
    for (const percent of [0, 25, 50, 75, 100]) {
      shape(svg, "path", {
        d: `M${MARGIN.left} ${y(percent / 100)}H${width - MARGIN.right}`,
        class: percent === 50 ? "guess" : "grid-line",
      });
      shape(svg, "text", { x: MARGIN.left - 6, y: y(percent / 100) + 4, "text-anchor": "end" }, `${percent}%`);
    }
    shape(
      svg,
      "text",
      { x: width - MARGIN.right, y: y(0.5) + 15, "text-anchor": "end", class: "quiet" },
      this.words.guessing,
    );
    for (let shift = 0; shift < shifts; shift++) {
      shape(svg, "text", { x: x(shift), y: HEIGHT - MARGIN.bottom + 16, "text-anchor": "middle" }, String(shift));
    }
    shape(
      svg,
      "text",
      { x: (MARGIN.left + width - MARGIN.right) / 2, y: HEIGHT - 4, "text-anchor": "middle" },
      this.words.axis,
    );
    for (const { key, curve } of networks) {
      if (!curve) continue;
      shape(svg, "path", {
        d: curve.map((share, shift) => `${shift ? "L" : "M"}${x(shift)} ${y(share)}`).join(""),
        class: `curve-line is-${key}`,
      });
      curve.forEach((share, shift) => {
        const dot = shape(svg, "circle", { cx: x(shift), cy: y(share), r: 4, class: `dot is-${key}` });
        shape(
          dot,
          "title",
          {},
          fill(this.words.point, {
            name: networks.find((each) => each.key === key).name,
            shift,
            percent: Math.round(share * 100),
          }),
        );
      });
    }
  }

  #drawMaps() {
    const { networks, trained, size } = this.data;
    networks.forEach((network, which) => {
      if (!this.maps.children[which]) this.maps.append(this.#map(which));
      const figure = this.maps.children[which];
      setText(figure.querySelector(".name"), network.name);
      setText(figure.querySelector(".note"), network.note);
      const svg = figure.querySelector("svg");
      const side = size * MAP_CELL;
      svg.replaceChildren();
      svg.setAttribute("viewBox", `-2 -2 ${side + 4} ${side + 4}`);
      svg.setAttribute("aria-label", network.note);
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          const cell = shape(svg, "rect", {
            x: column * MAP_CELL,
            y: row * MAP_CELL,
            width: MAP_CELL - 1,
            height: MAP_CELL - 1,
          });
          if (!network.map) cell.setAttribute("class", "unknown");
          else {
            const beyondGuessing = network.map[row][column] * 2 - 1;
            cell.setAttribute("class", beyondGuessing >= 0 ? "good" : "bad");
            cell.style.setProperty("--share", Math.abs(beyondGuessing).toFixed(3));
          }
        }
      shape(svg, "rect", {
        x: -1,
        y: -1,
        width: trained[1] * MAP_CELL + 1,
        height: trained[0] * MAP_CELL + 1,
        class: "trained",
      });
      this.marks ??= [];
      this.marks[which] = shape(svg, "rect", { width: MAP_CELL, height: MAP_CELL, class: "pointed" });
    });
    this.#point(this.pointed);
  }

  #map(which) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "heat");
    svg.setAttribute("role", "img");
    svg.setAttribute("tabindex", "0");
    const last = () => this.data.size - 1;
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const along = (place, length) => Math.max(0, Math.min(last(), Math.floor((place / length) * this.data.size)));
      this.#point([along(event.clientY - box.top, box.height), along(event.clientX - box.left, box.width)]);
    });
    svg.addEventListener("pointerleave", () => this.#point(null));
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const from = this.pointed ?? [0, -1];
      this.#point(from.map((place, axis) => Math.max(0, Math.min(last(), place + step[axis]))));
    });
    svg.addEventListener("blur", () => this.#point(null));
    return make("figure", `of-${this.data.networks[which].key}`, {}, [
      make("figcaption", "name"),
      svg,
      make("p", "note"),
    ]);
  }

  #point(place) {
    this.pointed = place;
    for (const mark of this.marks ?? []) {
      mark.style.display = place ? "" : "none";
      if (place) {
        mark.setAttribute("x", place[1] * MAP_CELL - 0.5);
        mark.setAttribute("y", place[0] * MAP_CELL - 0.5);
      }
    }
    const { networks, told } = this.data;
    if (!place || !networks[0].map) {
      setText(this.readout, told);
      return;
    }
    const [row, column] = place;
    const percent = (network) => Math.round(network.map[row][column] * 100);
    setText(
      this.readout,
      fill(this.words.readout, {
        row: row + 1,
        column: column + 1,
        mlp: percent(networks[0]),
        cnn: percent(networks[1]),
      }),
    );
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".mount");
  if (!views.has(root)) views.set(root, new ShiftCurves(root, data.words));
  const view = views.get(root);
  view.update(data);
  return () => {
    view.observer.disconnect();
    views.delete(root);
  };
}
