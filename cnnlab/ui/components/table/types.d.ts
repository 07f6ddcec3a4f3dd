// What Python sends to the table, and what the table tells. A place is the number of a row, counted from 0.

export type Limits = readonly [low: number, high: number];

/** A layer as it was typed. */
export interface Layer {
  type: string;
  args: Record<string, string>;
}

/** All that a learner can change; each message tells Python the whole of it. */
export interface State {
  /** The shape that goes in, where the table asks for it. */
  input: string;
  layers: Layer[];
  /** The numbers that are asked for, by keys such as s3: a letter of a column, and a place. */
  hidden: string[];
  /** The row that was chosen. */
  selected: number | null;
  /** By the same keys. */
  answers: Record<string, string>;
}

export interface LayerType {
  name: string;
  /** The name, if there is none. */
  label?: string;
  about?: string;
  /** What the button says that adds one, where each type has its own. */
  add?: string;
  /** What a new one begins with, unless only Python knows. */
  start?: Record<string, string>;
  /** Values that follow the type: a text, or the name of another argument. */
  usual?: Record<string, string>;
}

/** How the numbers of a column are asked for. */
export interface Asking {
  /** The letter of its questions. */
  key: string;
  /** What the button in its head does. */
  all: string;
  /** What a field for an answer is called. */
  question: string;
  hide: string;
  show: string;
}

/** Maybe one that stands out between quieter words. */
export type Result = string | [before: string, strong: string, after: string];

export interface Column {
  /** `arguments` are all of a layer but for those as usual, each with its name; an `argument` has its own column. */
  kind: "number" | "type" | "arguments" | "argument" | "result" | "tools";
  name: string;
  label?: string;
  help?: string;
  /** Of a whole number that is checked here. */
  limits?: Limits;
  asking?: Asking;
  /** What stands where there is no result, if not a dash. */
  absent?: Result;
}

/** How an argument is typed. */
export interface Form {
  name: string;
  label: string;
  about: string;
  kind: "number" | "text" | "choice";
  options: string[];
  /** `null` where there is no default. */
  usual: string | null;
  is_usual: boolean;
}

export interface Verdict {
  right: boolean;
  value: string;
  sentences: string[];
}

/** A layer, and what follows from it. */
export interface Facts extends Layer {
  /** Of the arguments that have no column. */
  fields?: Form[];
  /** By column; `null` where the input does not come so far. */
  results: Record<string, Result> | null;
  /** The arguments that would tell what is asked for. */
  masked?: string[];
  /** By column. */
  asked?: Record<string, Verdict>;
  /** Unless none can be shown. */
  details?: [label: string, text: string, isFormula: boolean][];
  is_quiet?: boolean;
}

export interface Refused {
  /** `null` is the input. */
  row: number | null;
  sentence: string;
  typed: Record<string, string>;
  news: string;
}

export type Action = "open" | "up" | "down" | "remove";

export interface TableData {
  look: string;
  columns: Column[];
  types: LayerType[];
  actions: Action[];
  rows: Facts[];
  most: number;
  texts: Record<string, string>;
  answered: number;
  revision: number;
  /** Whether rows can be chosen, and a chosen one shows its details; if not, the selected one is only marked. */
  selects?: boolean;
  selected?: number | null;
  input?: string;
  problem?: { row: number; sentence: string; suggestions: string[]; torch_says: string | null };
  refused?: Refused;
  /** By column. */
  totals?: Record<string, string>;
  hidden?: string[];
  askable?: string[];
  answers?: Record<string, string>;
  note?: string;
  /** What is read out, unless each sentence is an alert of its own. */
  news?: string;
}
