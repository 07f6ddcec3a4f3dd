// A curve over the steps, with a dot where the learner is. Python says how high each step stands and what is told about it.

const CURVE = { left: 44, right: 10, top: 8, bottom: 8 }; // pixels around the curve itself

function shape(tag, className) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  made.setAttribute("class", className);
  return made;
}

class CurveBoard {
  constructor(name, lab) {
    this.name = name;
    this.lab = lab;
    this.width = 0;
    this.title = make("span", "name");
    this.told = make("span", "told", { "aria-live": "off" });
    this.svg = shape("svg", "plot");
    this.ticks = shape("g", "ticks");
    this.line = shape("path", "line");
    this.reach = shape("line", "reach");
    this.dot = shape("circle", "dot");
    this.dot.setAttribute("r", 5);
    this.svg.append(this.ticks, this.reach, this.line, this.dot);
    this.caption = make("p", "note");
    this.element = make("section", "matrix curve", {}, [
      make("div", "head", {}, [this.title, this.told]), this.svg, this.caption,
    ]);
    this.svg.addEventListener("pointerdown", (event) => {
      this.svg.setPointerCapture(event.pointerId);
      this.#goTo(event);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (this.svg.hasPointerCapture(event.pointerId)) this.#goTo(event);
    });
    // The arrangement decides how wide the curve is, and it may change without a word.
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.element);
  }

  take(part) {
    this.part = part;
    setText(this.title, part.title);
    setText(this.caption, part.caption ?? "");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", part.title);
    this.redraw();
  }

  // The step below the pointer: pressing and dragging is the player's slider in another place.
  #goTo(event) {
    const inside = event.clientX - this.svg.getBoundingClientRect().left - CURVE.left;
    const share = inside / Math.max(1, this.width - CURVE.left - CURVE.right);
    this.lab.go(Math.round(share * (this.part.heights.length - 1)));
  }

  #point(step) {
    const { heights, pixels } = this.part;
    const wide = this.width - CURVE.left - CURVE.right;
    const x = CURVE.left + (heights.length > 1 ? (wide * step) / (heights.length - 1) : wide / 2);
    return [x, this.#level(heights[step], pixels)];
  }

  #level(height, pixels) {
    return CURVE.top + (1 - height) * (pixels - CURVE.top - CURVE.bottom);
  }

  redraw() {
    const width = this.element.clientWidth;
    if (!this.part || width === 0) return;
    const { heights, ticks, pixels } = this.part;
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${pixels}`);
    this.svg.style.height = `${pixels}px`;
    this.line.setAttribute("d", heights.map((_, step) => `${step ? "L" : "M"}${this.#point(step).map((at) => at.toFixed(1)).join(" ")}`).join(""));
    this.ticks.replaceChildren(...ticks.flatMap(([height, text]) => {
      const [mark, label] = [shape("line", "tick"), shape("text", "label")];
      const y = this.#level(height, pixels);
      for (const [name, value] of Object.entries({ x1: CURVE.left, x2: width - CURVE.right, y1: y, y2: y })) mark.setAttribute(name, value);
      label.setAttribute("x", CURVE.left - 6);
      label.setAttribute("y", y + 4);
      label.textContent = text;
      return [mark, label];
    }));
    this.draw();
  }

  draw() {
    if (!this.width) return;
    const { heights, tells, pixels } = this.part;
    const step = Math.max(0, Math.min(this.lab.shown, heights.length - 1));
    const [x, y] = this.#point(step);
    this.dot.setAttribute("cx", x);
    this.dot.setAttribute("cy", y);
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: CURVE.top, y2: pixels - CURVE.bottom })) this.reach.setAttribute(name, value);
    setText(this.told, tells[step]);
  }

  // No cell of it is ever read.
  mark() {}

  close() {
    this.observer.disconnect();
  }
}
