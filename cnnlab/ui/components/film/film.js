// A strip of cards, one for each step. What is typed is kept here and told to Python, which checks it and answers with
// what torchvision makes of it.

import { drawn, make, nextMessage } from "../lib/dom.js";
import { fill } from "../lib/words.js";
import { Detail } from "./detail.js";

const films = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".film");
  let film = films.get(root);
  if (!film) {
    film = new Film(root);
    films.set(root, film);
  }
  film.tell = setStateValue;
  film.take(data);
}

class Film {
  constructor(root) {
    this.root = root;
    this.steps = [];
    this.cards = [];
    this.pending = null;
    this.strip = make("div", "strip");
    this.strip.setAttribute("role", "listbox");
    this.strip.addEventListener("keydown", (event) => this.key(event));
    this.detail = new Detail(this);
    root.replaceChildren(this.strip, this.detail.element);
  }

  take(data) {
    const isNewer = data.revision !== this.data?.revision;
    this.data = data;
    // An answer to an earlier edit would undo the later one.
    if (this.pending !== null && data.answered !== this.pending && !isNewer) return;
    const isRefused = this.pending !== null && data.refused && !isNewer;
    this.pending = null;
    if (!isRefused) {
      this.steps = data.steps.map((step) => [...step]);
      this.cards = data.cards;
      // A choice that is on its way to Python is not taken back.
      if (isNewer || this.told === undefined || data.selected === this.told || this.selected >= this.cards.length)
        this.selected = data.selected;
      this.told = this.selected;
    }
    this.refused = isRefused ? data.refused : null;
    this.draw();
  }

  // ----------------------------------------------------------------- editing

  send() {
    this.pending = nextMessage();
    this.told = this.selected;
    this.tell("edit", { steps: this.steps, selected: this.selected, message: this.pending });
    this.draw();
  }

  choose(index, focus = false) {
    this.selected = index;
    this.told = index;
    this.tell("chosen", index);
    this.draw();
    if (focus) this.strip.children[index]?.focus();
  }

  change(index, place, text) {
    if (this.steps[index]?.[place] === text) return;
    this.steps[index][place] = text;
    this.send();
  }

  // What a type begins with; the sources have no arguments.
  put(index, word) {
    this.steps[index] = [word, ...this.data.menu.types[word].texts];
    this.cards = this.cards.with(index, this.blank(word));
    this.send();
  }

  insert(index, word) {
    this.steps.splice(index, 0, [word, ...this.data.menu.types[word].texts]);
    this.cards = this.cards.toSpliced(index, 0, this.blank(word));
    this.selected = index;
    this.send();
  }

  remove(index) {
    this.steps.splice(index, 1);
    this.cards = this.cards.toSpliced(index, 1);
    this.selected = Math.min(index, this.steps.length - 1);
    this.send();
  }

  move(index, by) {
    const [step] = this.steps.splice(index, 1);
    this.steps.splice(index + by, 0, step);
    const cards = [...this.cards];
    const [card] = cards.splice(index, 1);
    cards.splice(index + by, 0, card);
    this.cards = cards;
    this.selected = index + by;
    this.send();
  }

  blank(word) {
    return { title: this.data.menu.types[word].title, about: "", state: "unknown" };
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose(Math.min(Math.max(this.selected + by, 0), this.cards.length - 1), true);
  }

  // ----------------------------------------------------------------- drawing

  draw() {
    while (this.strip.children.length > this.cards.length) this.strip.lastChild.remove();
    while (this.strip.children.length < this.cards.length) this.strip.append(this.makeCard(this.strip.children.length));
    this.cards.forEach((card, index) => this.fillCard(this.strip.children[index], card, index));
    this.root.classList.toggle("waiting", this.pending !== null);
    this.detail.draw();
    this.reveal();
  }

  // Bring the chosen card into sight, sideways only: the page stays where it is.
  reveal() {
    const card = this.strip.children[this.selected];
    if (!card || card === this.revealed) return;
    this.revealed = card;
    const [left, right] = [
      card.offsetLeft - this.strip.offsetLeft,
      card.offsetLeft - this.strip.offsetLeft + card.offsetWidth,
    ];
    if (left < this.strip.scrollLeft) this.strip.scrollLeft = left - 4;
    else if (right > this.strip.scrollLeft + this.strip.clientWidth)
      this.strip.scrollLeft = right - this.strip.clientWidth + 4;
  }

  makeCard(index) {
    const card = make("button", "card");
    card.type = "button";
    card.setAttribute("role", "option");
    card.addEventListener("click", () => this.choose(index));
    card.parts = { head: make("span", "head"), frame: make("span", "frame"), facts: make("span", "facts") };
    card.append(...Object.values(card.parts));
    return card;
  }

  fillCard(element, card, index) {
    const { words } = this.data;
    const isNetwork = index === this.cards.length - 1;
    const { head, frame, facts } = element.parts;
    element.className = `card ${card.state}${isNetwork ? " network" : ""}`;
    element.setAttribute("aria-selected", index === this.selected);
    element.tabIndex = index === this.selected ? 0 : -1;
    element.setAttribute(
      "aria-label",
      isNetwork ? fill(words.network, card) : fill(words.choose, { number: index + 1, title: card.title }),
    );
    const number = make("b");
    number.textContent = isNetwork ? "→" : index + 1;
    const title = make("span", "title");
    title.append(...withBreaks(card.title));
    title.title = card.title;
    head.replaceChildren(number, title);
    frame.replaceChildren(this.inFrame(card, index));
    facts.replaceChildren(
      ...this.facts(card).map((text, line) => {
        const fact = make("span", ["holder", "shape", "range"][line]);
        fact.textContent = text;
        return fact;
      }),
    );
  }

  inFrame(card, index) {
    if (card.picture) return drawn(card.picture, fill(this.data.words.picture, { number: index + 1 }));
    const sign = make("span", "sign");
    sign.textContent = card.state === "failed" ? "✕" : card.state === "hidden" ? "?" : card.gives ? "✓" : "·";
    return sign;
  }

  facts(card) {
    const { words } = this.data;
    if (card.state === "failed") return [card.error ? words.refused : words.limited];
    if (card.state === "hidden") return [];
    if (card.gives) return [fill(words.takes, { shape: card.takes }), fill(words.gives, { shape: card.gives })];
    if (card.state === "unknown") return [this.pending === null && this.data.isKnown ? words.unreached : words.unknown];
    return [card.held, card.shape, card.range];
  }
}

// Long names may break where a word of theirs ends.
function withBreaks(text) {
  return text.split(/(?<=[(.])|(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => (index ? [make("wbr"), part] : [part]));
}
