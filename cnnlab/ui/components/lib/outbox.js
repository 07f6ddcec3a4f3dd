// What a component tells Python, one message at a time.
//
// Two reruns in quick succession can reach the browser interleaved, and then Streamlit takes the component off the page
// and puts a new one there, without the learner's focus and newest texts. So the next message waits for the answer to
// the last one; several that wait under one name go as one, in which the newest word on each thing counts. Names go in the
// order of their newest words: what was said last counts, whatever it is about.

const PATIENCE = 2000; // milliseconds after which an answer is taken as lost

/** @typedef {(name: string, message: Record<string, unknown>) => void} Send a state's name, and what is told in it */

export class Outbox {
  /** @type {Map<string, Record<string, unknown>>} */
  #waiting = new Map();
  #number = 0; // of the last message
  #answered = 0; // the newest one that Python has taken into account
  /** @type {number | null} */
  #sent = null;
  /** @type {number | undefined} */
  #timer = undefined;

  /** @type {Send} as Streamlit gave it to the component last */
  send = () => {};

  /**
   * @param {string} name
   * @param {Record<string, unknown>} value
   */
  post(name, value) {
    const whole = { ...this.#waiting.get(name), ...value };
    this.#waiting.delete(name);
    this.#waiting.set(name, whole);
    this.#next();
  }

  /**
   * Python answers with the number of the last message that it has taken into account.
   *
   * @param {number} number
   */
  answered(number) {
    if (this.#sent !== null && number >= this.#sent) this.#sent = null;
    this.#answered = Math.max(this.#answered, number);
    // Numbers go on from where an earlier component of this session stopped.
    this.#number = Math.max(this.#number, number);
    this.#next();
  }

  // Whether Python has yet to answer: what it shows until then is older than what was done here.
  get isOpen() {
    return this.#waiting.size > 0 || this.#answered < this.#number;
  }

  // What was told, and not taken into account yet, is of no use any more.
  forget() {
    this.#waiting.clear();
    this.#answered = this.#number;
  }

  #next() {
    const [first] = this.#waiting;
    if (this.#sent !== null || first === undefined) return;
    const [name, value] = first;
    this.#waiting.delete(name);
    this.#number += 1;
    this.#sent = this.#number;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sent = null;
      this.#next();
    }, PATIENCE);
    this.send(name, { ...value, message: this.#number });
  }

  close() {
    clearTimeout(this.#timer);
  }
}
