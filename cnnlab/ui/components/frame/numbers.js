// Streamlit's number fields: what is typed with an exponent is read whole, and beside a number that is out of range stands
// which one counts.

import { fill } from "../lib/words.js";

const FIELD = '[data-testid="stNumberInputField"]';
const AROUND = '[data-testid="stNumberInput"]';

/** @type {WeakMap<HTMLInputElement, string>} the number that counts, by field */
const counting = new WeakMap();
let template = "";

/**
 * Of 1e9 Streamlit's field for whole numbers would read the 1.
 *
 * @param {string} text
 * @returns {string} the same number without an exponent
 */
export function written(text) {
  const number = Number(text);
  return /e/i.test(text) && Number.isInteger(number) ? BigInt(number).toString() : text;
}

/**
 * As a string of a style sheet.
 *
 * @param {string} text
 */
export function quoted(text) {
  return `"${text.replace(/["\\<>\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)} `)}"`;
}

/** @param {HTMLInputElement} field */
function complain(field) {
  const number = counting.get(field) ?? "";
  /** @type {HTMLElement | null} */
  const around = field.closest(AROUND);
  around?.style.setProperty("--lab-until-then", quoted(` ${fill(template, { number, typed: field.value })}`));
}

/** @param {HTMLInputElement} field */
function keep(field) {
  if (field.closest(AROUND)?.querySelector('[id$="-validation-error"]')) return;
  counting.set(field, field.value);
}

/** @param {HTMLInputElement} field */
function settle(field) {
  const text = written(field.value);
  if (text !== field.value) {
    // React hears of it as if it had been typed.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  complain(field);
}

/** Listen to all number fields, once, for as long as the tab is open. */
export function readNumbersWhole() {
  /** @type {(type: string, act: (field: HTMLInputElement, event: Event) => void) => void} */
  const on = (type, act) =>
    document.addEventListener(
      type,
      (event) => {
        if (event.target instanceof HTMLInputElement && event.target.matches(FIELD)) act(event.target, event);
      },
      true,
    );
  on("focusin", keep);
  on("input", complain);
  on("focusout", settle);
  on("keydown", (field, event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Enter") return;
    settle(field);
    requestAnimationFrame(() => keep(field));
  });
}

/** @param {string} words with the places {number} and {typed} */
export function tellWhichCounts(words) {
  template = words;
}
