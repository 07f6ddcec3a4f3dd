// Fields that arguments and answers are typed into.

import { make, setAttribute, told } from "../lib/dom.js";
import { counted, widthFor } from "./layers.js";

/** @import { Form, Limits } from "./types.d.ts" */

/**
 * @param {string} label
 * @param {(isDone: boolean) => void} act
 */
export function textField(label, act) {
  const input = make("input", "", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: 40 });
  if (label) input.setAttribute("aria-label", label);
  return heard(input, act);
}

/**
 * A number field of the browser's own, for whole numbers within limits.
 *
 * @param {string} label
 * @param {Limits} limits
 * @param {(isDone: boolean) => void} act
 */
export function numberField(label, [min, max], act) {
  return heard(make("input", "", { type: "number", min, max, step: 1, required: "", "aria-label": label }), act);
}

/**
 * @param {HTMLInputElement} input
 * @param {(isDone: boolean) => void} act
 */
function heard(input, act) {
  input.addEventListener("input", () => act(false));
  input.addEventListener("change", () => act(true));
  return input;
}

/**
 * The field of an argument, as its form says.
 *
 * @param {Form} form
 * @param {string} label
 * @param {(input: HTMLInputElement, isDone: boolean) => void} typed
 * @param {(value: string) => void} chosen
 */
export function fieldOf(form, label, typed, chosen) {
  if (form.kind === "choice") {
    const choice = make("select", "", { "aria-label": label });
    choice.append(...form.options.map((option) => optionOf(option)));
    choice.addEventListener("change", () => chosen(choice.value));
    return choice;
  }
  const input = textField(label, (isDone) => {
    fitWidth(input);
    typed(input, isDone);
  });
  if (form.kind === "number") {
    input.inputMode = "numeric";
    // Number fields of a browser are too wide for a table.
    input.addEventListener("keydown", (event) => {
      const value = counted(input.value, event.key);
      if (value === null) return;
      event.preventDefault();
      input.value = value;
      input.dispatchEvent(new Event("input"));
    });
  }
  return input;
}

/** @param {HTMLInputElement} input */
export function fitWidth(input) {
  input.style.width = widthFor(input.value);
}

/**
 * Let those who do not see the colour know which field is meant, and where it is said what is wrong with it.
 *
 * @param {Element} input
 * @param {boolean} isWrong
 * @param {string} id of what says so
 */
export function tellWrong(input, isWrong, id) {
  setAttribute(input, "aria-invalid", isWrong ? "true" : null);
  setAttribute(input, "aria-describedby", isWrong ? id : null);
}

/**
 * @param {string} value
 * @param {string} [label]
 * @param {string} [about]
 */
export function optionOf(value, label = value, about = "") {
  const option = told("option", "", label);
  option.value = value;
  if (about) option.title = about;
  return option;
}
