// The bar of a lesson at the foot of every page: where one is, what is asked, what to say, the way on and back. Page Up and
// Page Down, which a presenter's remote control sends, lead through the steps while there is a lesson.

import { buttonOf, ICONS, icon, make, put, setAttribute, setText } from "../lib/dom.js";
import { Outbox } from "../lib/outbox.js";
import { isPresented, leaveFoot, onPresent } from "../lib/present.js";
import { fill } from "../lib/words.js";
import { noteLeaving } from "./back.js";
import { onFrameKey } from "./keys.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { LessonData, TaskTold } from "./types.d.ts" */

const NOTES = "lab-notes";
const AGAIN = "M4 3v4h4M4.5 7A5 5 0 1 1 3.4 10";

/** @type {LessonBar | null} of the frame that is on the page */
let shown = null;

export function offerLesson() {
  onFrameKey((key) => shown?.take(key) ?? false);
  window.addEventListener("lab:task", (event) => shown?.tellTask(/** @type {CustomEvent<TaskTold>} */ (event).detail));
}

export class LessonBar {
  #outbox = new Outbox();
  #bar = make("aside", "lesson");
  #again = buttonOf(icon(AGAIN, 16), () => this.#tell({ do: "again" }), "lesson-key");
  #place = make("select", "lesson-place");
  #asked = make("div", "lesson-asked");
  #question = make("p", "lesson-question");
  #reply = make("div", "lesson-reply");
  #verdict = make("p", "lesson-verdict", { role: "status" });
  #answer = make("p", "lesson-answer");
  #say = make("p", "lesson-say");
  #previous = buttonOf(icon(ICONS.left), () => this.#go(-1), "lesson-key");
  #next = buttonOf(icon(ICONS.right), () => this.#go(1), "lesson-key");
  #notes = buttonOf("", () => this.#toggleNotes(), "lesson-word lesson-notes");
  #reveal = buttonOf("", () => this.#tell({ do: "reveal" }), "lesson-word");
  #language = make("select", "lesson-language");
  #close = buttonOf(icon(ICONS.remove), () => this.#tell({ do: "close" }), "lesson-key");
  /** @type {LessonData | null} */
  #data = null;
  /** @type {string} the step that the fields are for */
  #drawn = "";
  /** @type {string} the steps that can be chosen */
  #listed = "";
  /** @type {number | null} the step that was asked for and has not come yet */
  #aim = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    root.append(this.#bar);
    put(this.#asked, [this.#question, this.#reply, this.#verdict, this.#answer]);
    put(this.#bar, [
      this.#say,
      this.#asked,
      make("div", "lesson-line", {}, [
        this.#previous,
        this.#place,
        this.#next,
        this.#again,
        this.#reveal,
        this.#notes,
        this.#language,
        this.#close,
      ]),
    ]);
    this.#place.addEventListener("change", () => this.#leaveFor(Number(this.#place.value)));
    this.#language.addEventListener("change", () => this.#tell({ do: "language", language: this.#language.value }));
    new ResizeObserver(() => this.#leaveRoom()).observe(this.#bar);
    onPresent(this.#bar, () => this.#bar.classList.toggle("presented", isPresented()));
  }

  /**
   * @param {LessonData | undefined} data
   * @param {Send} send
   */
  update(data, send) {
    shown = this;
    this.#outbox.send = send;
    this.#outbox.answered(data?.answered ?? Number.MAX_SAFE_INTEGER);
    this.#data = data ?? null;
    this.#bar.hidden = this.#data === null;
    this.#bar.classList.toggle("presented", isPresented());
    if (this.#data !== null) this.#draw(this.#data);
    this.#leaveRoom();
  }

  /**
   * @param {string} key
   * @returns {boolean} whether it was of use
   */
  take(key) {
    if (this.#data === null) return false;
    if (key === "PageDown") this.#go(1);
    else if (key === "PageUp") this.#go(-1);
    else return false;
    return true;
  }

  /** @param {TaskTold} said */
  tellTask(said) {
    if (this.#data?.kind === "task" && said.at === this.#data.at && this.#data.isHere) this.#tellVerdict(said);
  }

  /** @param {LessonData} data */
  #draw(data) {
    const { words } = data;
    setAttribute(this.#bar, "aria-label", `${words.name}: ${data.course}`);
    setAttribute(this.#bar, "lang", data.language);
    this.#again.classList.toggle("elsewhere", !data.isHere);
    for (const [button, name, isOff] of /** @type {[HTMLButtonElement, string, boolean][]} */ ([
      [this.#previous, words.previous, data.at === 1],
      [this.#next, words.next, data.at === data.count],
      [this.#again, data.isHere ? words.again : words.back, false],
      [this.#close, words.close, false],
    ])) {
      setAttribute(button, "aria-label", name);
      setAttribute(button, "title", name);
      button.disabled = isOff;
    }
    this.#drawPlaces(data);
    this.#drawLanguages(data);
    setText(this.#say, data.say);
    this.#drawNotes();
    setText(this.#question, data.question);
    this.#asked.hidden = data.question === "";
    const step = `${data.key} ${data.at} ${data.language}`;
    if (this.#aim === data.at || !this.#outbox.isOpen) this.#aim = null;
    if (step !== this.#drawn) {
      this.#drawn = step;
      this.#drawReply(data);
    }
    this.#tellVerdict(data.verdict);
    if (data.kind === "task") window.dispatchEvent(new Event("lab:ask-task"));
    setText(this.#answer, data.answer);
    this.#answer.hidden = data.answer === "";
    this.#reveal.hidden = !data.hasAnswer;
    setText(this.#reveal, data.answer === "" ? words.reveal : words.hide);
  }

  /** @param {LessonData} data */
  #drawPlaces({ at, titles, words, count }) {
    const options = titles.map((title, index) => `${index + 1} / ${count}   ${title}`);
    if (options.join() !== this.#listed) {
      this.#listed = options.join();
      put(
        this.#place,
        options.map((text, index) => make("option", "", { value: index + 1 }, [text])),
      );
    }
    this.#place.value = String(at);
    setAttribute(this.#place, "aria-label", fill(words.placeName, { at, count }));
  }

  /** @param {LessonData} data */
  #drawLanguages({ languages, language, words }) {
    this.#language.hidden = languages.length < 2;
    put(
      this.#language,
      languages.map((code) => make("option", "", { value: code }, [words.languages[code] ?? code])),
    );
    this.#language.value = language;
    setAttribute(this.#language, "aria-label", words.language);
  }

  /** @param {LessonData} data */
  #drawReply({ kind, options, given, words }) {
    const answer = (/** @type {string} */ text) => this.#tell({ do: "answer", answer: text });
    if (kind === "choice") {
      put(
        this.#reply,
        options.map((option, index) => buttonOf(option, () => answer(String(index + 1)), "lesson-option")),
      );
    } else if (kind === "number" || kind === "sizes") {
      const field = make("input", "lesson-field", { "aria-label": words.answer, autocomplete: "off", maxlength: 60 });
      field.value = given;
      const form = make("form", "lesson-form", {}, [field, make("button", "lesson-option", {}, [words.check])]);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (field.value.trim() !== "") answer(field.value.trim());
      });
      put(this.#reply, [form]);
    } else put(this.#reply, []);
  }

  /** @param {{ right: boolean, sentence: string } | null} verdict */
  #tellVerdict(verdict) {
    setText(this.#verdict, verdict === null ? "" : `${verdict.right ? "✓" : "✗"} ${verdict.sentence}`);
    this.#verdict.classList.toggle("right", verdict?.right === true);
    const given = verdict === null ? "" : (this.#data?.given ?? "");
    [...this.#reply.querySelectorAll("button.lesson-option")].forEach((button, index) => {
      const isGiven = this.#data?.kind === "choice" && String(index + 1) === given;
      setAttribute(button, "aria-pressed", this.#data?.kind === "choice" ? isGiven : null);
    });
  }

  #toggleNotes() {
    if (sessionStorage.getItem(NOTES)) sessionStorage.removeItem(NOTES);
    else sessionStorage.setItem(NOTES, "yes");
    this.#drawNotes();
  }

  #drawNotes() {
    const isOpen = this.#data?.selfPaced === true || sessionStorage.getItem(NOTES) !== null;
    setText(this.#notes, this.#data?.words.notes ?? "");
    setAttribute(this.#notes, "aria-expanded", isOpen);
    this.#notes.hidden = this.#data?.say === "" || this.#data?.selfPaced === true;
    this.#say.hidden = !isOpen || this.#data?.say === "";
  }

  /** @param {number} by */
  #go(by) {
    const data = this.#data;
    if (data === null) return;
    // Pressed twice in a hurry it leads two steps on.
    const to = (this.#aim ?? data.at) + by;
    if (to < 1 || to > data.count) return;
    this.#aim = to;
    this.#leaveFor(to);
  }

  /** @param {number} to */
  #leaveFor(to) {
    noteLeaving();
    this.#tell({ do: "go", to });
  }

  /** @param {Record<string, unknown>} what */
  #tell(what) {
    this.#outbox.post("lesson", { at: this.#data?.at, ...what });
  }

  // The page ends where the bar begins.
  #leaveRoom() {
    if (shown === this) leaveFoot(this.#bar.hidden ? 0 : this.#bar.offsetHeight);
  }
}
