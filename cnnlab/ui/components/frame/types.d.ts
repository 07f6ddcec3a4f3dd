// What Python sends to the frame.

export interface SheetData {
  title: string;
  close: string;
  groups: { name: string; rows: { keys: string[]; what: string }[] }[];
}

/** What is said of the address that was copied. */
export interface LinkWords {
  copied: string;
  /** With the place {link}, where the browser does not let pages copy. */
  byHand: string;
}

/** What is said to an answer. */
export interface Said {
  right: boolean;
  sentence: string;
}

/** What is said of a task, at a step of the lesson. */
export interface TaskTold extends Said {
  at: number;
}

/** A lesson's step, in the language that it is read in. */
export interface LessonData {
  key: string;
  at: number;
  count: number;
  /** Whether the page is the step's. */
  isHere: boolean;
  course: string;
  title: string;
  titles: string[];
  say: string;
  /** Whether what is said is always shown. */
  selfPaced: boolean;
  question: string;
  kind: "" | "choice" | "number" | "sizes" | "task";
  options: string[];
  /** What was answered last. */
  given: string;
  verdict: Said | null;
  hasAnswer: boolean;
  /** Empty until it is asked for. */
  answer: string;
  language: string;
  languages: string[];
  /** The number of the last message that was taken into account. */
  answered: number;
  words: Record<
    | "name"
    | "previous"
    | "next"
    | "placeName"
    | "again"
    | "back"
    | "notes"
    | "reveal"
    | "hide"
    | "check"
    | "answer"
    | "close"
    | "language",
    string
  > & { languages: Record<string, string> };
}

export interface FrameData {
  /** The page's key; empty on the landing page. */
  page: string;
  sheet: SheetData;
  link: LinkWords;
  /** Where there is a lesson. */
  lesson?: LessonData;
  /** Which number counts, with the places {number} and {typed}. */
  untilThen: string;
  /** What the first link is called, which leads past the menu. */
  skip: string;
}
