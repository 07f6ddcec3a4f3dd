// A strip of cards, one for each step. What is typed is kept here and told to Python, which checks it and answers with
// what torchvision makes of it.

import { drawn, make, setAttribute, told } from "../lib/dom.js";
import { arrow } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { fill } from "../lib/words.js";
import { Detail } from "./detail.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { Card, FilmData, ResultCard, Step } from "./types.d.ts" */

/**
 * A card on the page.
 *
 * @typedef {object} ShownCard
 * @property {HTMLButtonElement} element
 * @property {HTMLElement} head
 * @property {HTMLElement} frame
 * @property {HTMLElement} facts
 */

export class Film {
  #outbox = new Outbox();
  #isEdited = false; // whether a change of the steps waits for its answer
  /** @type {ShownCard[]} */
  #shown = [];
  /** @type {HTMLElement | null} the card that was brought into sight */
  #revealed = null;
  /** @type {number | null} */
  #revision = null;
  /** @type {Step[]} as they are typed */
  steps = [];
  /** @type {FilmData["cards"]} */
  cards = [];
  selected = 0;
  /** @type {string | null} why the last change was not taken */
  refused = null;

  /**
   * @param {HTMLElement} root
   * @param {FilmData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.strip = make("div", "strip", { role: "listbox" });
    this.strip.addEventListener("keydown", (event) => this.#key(event));
    this.detail = new Detail(this);
    root.replaceChildren(this.strip, this.detail.element);
  }

  /**
   * @param {FilmData} data
   * @param {Send} send
   */
  update(data, send) {
    const isNewer = data.revision !== this.#revision;
    this.data = data;
    this.#revision = data.revision;
    this.#outbox.send = send;
    if (isNewer) this.#outbox.forget();
    this.#outbox.answered(data.answered);
    // An answer to an earlier message would undo what was done since.
    if (this.#outbox.isOpen) return;
    const isRefused = this.#isEdited && data.refused !== null && !isNewer;
    this.#isEdited = false;
    if (!isRefused) {
      this.steps = data.steps.map((step) => [...step]);
      this.cards = data.cards;
      this.selected = data.selected;
    }
    this.refused = isRefused ? data.refused : null;
    this.draw();
  }

  close() {
    this.#outbox.close();
  }

  // ----------------------------------------------------------------- editing

  #send() {
    this.#isEdited = true;
    this.#outbox.post("edit", { steps: this.steps, selected: this.selected });
    this.draw();
  }

  /** @param {number} index */
  choose(index, focus = false) {
    if (index !== this.selected) this.#outbox.post("chosen", { card: index });
    this.selected = index;
    this.draw();
    if (focus) this.#shown[index]?.element.focus();
  }

  /**
   * @param {number} index
   * @param {number} place
   * @param {string} text
   */
  change(index, place, text) {
    if (this.steps[index]?.[place] === text) return;
    this.steps[index][place] = text;
    this.#send();
  }

  /**
   * What a type begins with; the sources have no arguments.
   *
   * @param {number} index
   * @param {string} word
   */
  put(index, word) {
    this.steps[index] = [word, ...this.data.menu.types[word].texts];
    this.cards = this.cards.with(index, this.#blank(word));
    this.#send();
  }

  /**
   * @param {number} index
   * @param {string} word
   */
  insert(index, word) {
    this.steps.splice(index, 0, [word, ...this.data.menu.types[word].texts]);
    this.cards = this.cards.toSpliced(index, 0, this.#blank(word));
    this.selected = index;
    this.#send();
  }

  /** @param {number} index */
  remove(index) {
    this.steps.splice(index, 1);
    this.cards = this.cards.toSpliced(index, 1);
    this.selected = Math.min(index, this.steps.length - 1);
    this.#send();
  }

  /**
   * @param {number} index
   * @param {number} by
   */
  move(index, by) {
    const [step] = this.steps.splice(index, 1);
    this.steps.splice(index + by, 0, step);
    const cards = [...this.cards];
    const [card] = cards.splice(index, 1);
    cards.splice(index + by, 0, card);
    this.cards = cards;
    this.selected = index + by;
    this.#send();
  }

  /**
   * @param {string} word
   * @returns {Card}
   */
  #blank(word) {
    return { title: this.data.menu.types[word].title, about: "", state: "unknown" };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = event.key === "Home" ? -Infinity : event.key === "End" ? Infinity : arrow(event.key)?.[1];
    if (!by) return;
    event.preventDefault();
    this.choose(clamp(this.selected + by, 0, this.cards.length - 1), true);
  }

  // ----------------------------------------------------------------- drawing

  draw() {
    while (this.#shown.length > this.cards.length) this.#shown.pop()?.element.remove();
    while (this.#shown.length < this.cards.length) this.#addCard(this.#shown.length);
    this.cards.forEach((card, index) => this.#fillCard(this.#shown[index], card, index));
    this.root.classList.toggle("waiting", this.#isEdited);
    setAttribute(this.strip, "aria-label", this.data.words.strip);
    this.detail.draw();
    this.#reveal();
  }

  // Bring the chosen card into sight, sideways only: the page stays where it is.
  #reveal() {
    const card = this.#shown[this.selected]?.element;
    if (!card || card === this.#revealed) return;
    this.#revealed = card;
    const left = card.offsetLeft - this.strip.offsetLeft;
    const right = left + card.offsetWidth;
    if (left < this.strip.scrollLeft) this.strip.scrollLeft = left - 4;
    else if (right > this.strip.scrollLeft + this.strip.clientWidth)
      this.strip.scrollLeft = right - this.strip.clientWidth + 4;
  }

  /** @param {number} index */
  #addCard(index) {
    const [head, frame, facts] = [make("span", "head"), make("span", "frame"), make("span", "facts")];
    const element = make("button", "card", { type: "button", role: "option" }, [head, frame, facts]);
    element.addEventListener("click", () => this.choose(index));
    this.#shown.push({ element, head, frame, facts });
    this.strip.append(element);
  }

  /**
   * @param {ShownCard} shown
   * @param {Card | ResultCard} card
   * @param {number} index
   */
  #fillCard({ element, head, frame, facts }, card, index) {
    const isNetwork = index === this.cards.length - 1;
    element.className = `card ${card.state}${isNetwork ? " network" : ""}`;
    setAttribute(element, "aria-selected", index === this.selected);
    element.tabIndex = index === this.selected ? 0 : -1;
    const number = told("b", "", isNetwork ? "→" : String(index + 1));
    const title = make("span", "title");
    title.append(...withBreaks(card.title));
    title.title = card.title;
    head.replaceChildren(number, title);
    frame.replaceChildren(this.#inFrame(card, index));
    facts.replaceChildren(
      ...this.#facts(card).map((text, line) => told("span", ["holder", "shape", "range"][line], text)),
    );
  }

  /**
   * @param {Card | ResultCard} card
   * @param {number} index
   */
  #inFrame(card, index) {
    if ("picture" in card) return drawn(card.picture, fill(this.data.words.picture, { number: index + 1 }));
    const sign = card.state === "failed" ? "✕" : card.state === "hidden" ? "?" : card.gives ? "✓" : "·";
    return told("span", "sign", sign);
  }

  /** @param {Card | ResultCard} card */
  #facts(card) {
    const { words } = this.data;
    if (card.state === "failed") return [card.error ? words.refused : words.limited];
    if (card.gives) return [fill(words.takes, { shape: card.takes }), fill(words.gives, { shape: card.gives })];
    if (card.state === "unknown") return [!this.#isEdited && this.data.isKnown ? words.unreached : words.unknown];
    return "picture" in card ? [card.held, card.shape, card.range] : [];
  }
}

/**
 * Long names may break where a word of theirs ends.
 *
 * @param {string} text
 */
function withBreaks(text) {
  return text.split(/(?<=[(.])|(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => (index ? [make("wbr"), part] : [part]));
}
