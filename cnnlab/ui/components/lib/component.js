// What Streamlit calls: the default export of each component's module.

/**
 * @template Data
 * @typedef {object} Given what Streamlit hands over
 * @property {Data} data what Python sent
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue tells Python
 */

/**
 * @template Data
 * @typedef {object} View what draws a component
 * @property {(data: Data, send: Given<Data>["setStateValue"]) => void} update called with all that Python sends
 * @property {() => void} [close] called when the component leaves the page
 */

/**
 * A component that is begun once, and told whatever Python sends from then on. Streamlit may end it and begin it again
 * with all that was built still in place: one that can be closed is then made anew.
 *
 * @template Data
 * @param {string} selector of the element in the component's HTML that it is drawn in
 * @param {(root: HTMLElement, data: Data) => View<Data>} begin
 * @returns {(given: Given<Data>) => () => void}
 */
export function component(selector, begin) {
  /** @type {WeakMap<HTMLElement, View<Data>>} */
  const views = new WeakMap();
  return ({ data, parentElement, setStateValue }) => {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(selector));
    const view = views.get(root) ?? begin(root, data);
    views.set(root, view);
    view.update(data, setStateValue);
    return () => {
      if (view.close === undefined) return;
      view.close();
      views.delete(root);
    };
  };
}
