// What the three components of this folder share.

export const SVG = "http://www.w3.org/2000/svg";

// A new element with a class, attributes and children; text always goes in as text, never as HTML.
export function make(tag, className, attributes = {}, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function shape(parent, tag, attributes = {}, text = null) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  parent.append(made);
  return made;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A number as a tinted cell: orange for positive, blue for negative, the stronger the larger. Python wrote the text.
export function paintNumber(element, { text, share }) {
  setText(element, text);
  element.classList.toggle("positive", share > 0);
  element.classList.toggle("negative", share < 0);
  element.style.setProperty("--share", Math.abs(share).toFixed(3));
}

// A short list of numbers with what they are, and below it a sentence.
export class Facts {
  constructor() {
    this.list = make("dl", "facts");
    this.sentence = make("p", "sentence");
    this.element = make("div", "", {}, [this.list, this.sentence]);
  }

  take({ numbers, sentence }) {
    while (this.list.children.length > numbers.length) this.list.lastChild.remove();
    numbers.forEach(({ label, text }, index) => {
      const entry = this.list.children[index] ?? make("div", "", {}, [make("dt"), make("dd")]);
      if (!entry.isConnected) this.list.append(entry);
      setText(entry.children[0], label);
      setText(entry.children[1], text);
    });
    setText(this.sentence, sentence);
  }
}
