// What the component tells Python, one message at a time.
//
// Two reruns in quick succession can reach the browser interleaved, and then Streamlit takes the component off the page
// and puts a new one there, without the learner's focus and newest texts. So the next message waits for the answer to
// the last one; several that wait under one name go as one, in which the newest word on each thing counts.

const PATIENCE = 2000; // milliseconds after which an answer is taken as lost

export class Outbox {
  constructor() {
    this.number = 0;
    this.waiting = new Map();
    this.sent = null;
    this.timer = null;
  }

  post(name, value) {
    this.waiting.set(name, { ...this.waiting.get(name), ...value });
    this.#next();
  }

  // Python answers with the number of the last message that it has taken into account.
  answered(number) {
    if (this.sent !== null && number >= this.sent) this.sent = null;
    // Numbers go on from where an earlier component of this session stopped.
    this.number = Math.max(this.number, number);
    this.#next();
  }

  #next() {
    if (this.sent !== null || this.waiting.size === 0) return;
    const [name, value] = this.waiting.entries().next().value;
    this.waiting.delete(name);
    this.number += 1;
    this.sent = this.number;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sent = null;
      this.#next();
    }, PATIENCE);
    this.send(name, { ...value, message: this.number });
  }

  close() {
    clearTimeout(this.timer);
  }
}
