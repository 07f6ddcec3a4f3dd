// No text stands in scripts: all words come with the data, in the session's language, and what only the browser knows
// (the step, the cell under the pointer) takes its place in them here.

/**
 * "{row} of {rows}" with its places filled.
 *
 * @param {string} template
 * @param {Readonly<Record<string, any>>} values
 * @param {(value: any) => string} [write] makes a text of each value
 */
export function fill(template, values, write = String) {
  return template.replace(/\{(\w+)\}/g, (place, name) => (name in values ? write(values[name]) : place));
}

/**
 * The form of a text that suits a number.
 *
 * @param {number} number
 * @param {readonly [one: string, others: string]} forms
 */
export function formFor(number, forms) {
  return forms[number === 1 ? 0 : 1];
}
