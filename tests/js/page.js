// A page without a browser: elements that remember what was done to them, as far as the scripts under test go.

class FakeElement {
  constructor(tag) {
    this.localName = tag;
    this.attributes = new Map();
    this.children = [];
    this.dataset = {};
    this.listeners = new Map();
    this.properties = new Map();
    this.style = {
      setProperty: (name, value) => this.properties.set(name, value),
      removeProperty: (name) => this.properties.delete(name),
    };
    this.classes = new Set();
    this.classList = {
      toggle: (name, on) => (on ? this.classes.add(name) : this.classes.delete(name)),
      contains: (name) => this.classes.has(name),
    };
    this.isConnected = true;
    this.hidden = false;
    this.disabled = false;
    this.value = "";
  }

  get options() {
    return this.children;
  }

  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }

  set textContent(text) {
    this.children = [text];
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  addEventListener(name, act) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), act]);
  }

  dispatch(name, event = {}) {
    for (const act of this.listeners.get(name) ?? []) act(event);
  }
}

export function element(tag = "div") {
  return new FakeElement(tag);
}

globalThis.document = {
  documentElement: new FakeElement("html"),
  createElement: (tag) => element(tag),
  createElementNS: (_, tag) => element(tag),
};

// The window that layouts ask for its size, and for whether a finger points.
export function setWindow({ width = 1280, height = 800, isTouch = false } = {}) {
  globalThis.window = { innerWidth: width, innerHeight: height, matchMedia: () => ({ matches: isTouch }) };
}
