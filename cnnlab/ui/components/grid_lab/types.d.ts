// What Python sends: `scene_data` in __init__.py, where each field is explained. Cells are counted row by row, steps
// and positions from 0.

import type { SentChart } from "../curves/smoothing.js";
import type { Tinted } from "../lib/colours.js";

export type Matrix = number[][];

/** For each step, as a list or by the step's number. */
export type BySteps<Value> = Readonly<Record<number, Value>>;

export type Look = "picture" | "signed" | "counts";

export interface CellError {
  row: number;
  column: number;
  text: string;
  why: string;
}

export interface TypedPart {
  kind: "typed";
  title: string;
  label: string;
  stack: string;
  index: number;
  values: Matrix;
  texts: string[][];
  errors: CellError[];
  limits: [rows: number, columns: number];
  resizable: boolean;
  padding: number;
  beyond: [rows: number, columns: number];
  outside: string | null;
  padded: Matrix;
  mode: string;
  sources: Matrix | null;
  look: Look;
  scale: number;
  first: number | null;
  tone: string | null;
  caption: string | null;
  extent: [rows: number, columns: number];
  refusal?: undefined;
}

export interface ComputedPart {
  kind: "computed";
  title: string;
  /** One number a cell; null where they change with the step. */
  values: number[] | null;
  /** (steps, cells); null where they do not change. An empty cell is null. */
  frames: (number | null)[][] | null;
  size: [rows: number, columns: number];
  extent: [rows: number, columns: number];
  first: number | null;
  look: Look;
  scale: number;
  gathers: boolean;
  hatched: number[];
  pick: boolean;
  tones: string[];
  letters: Record<string, string>;
  caption?: undefined;
  refusal: string | null;
  stack: null;
  resizable: false;
}

export type Part = TypedPart | ComputedPart;

/** A tree of boards by their names, and of signs between them. */
export type ArrangementNode =
  | string
  | { way: "row" | "column" | "wrap"; items: ArrangementNode[] }
  | { way: "table"; columns: number; items: ArrangementNode[] };

export interface Arrangement {
  node: ArrangementNode;
  wide: number;
  tall: number;
  tallest: number;
  narrow: boolean;
  largest: number;
}

export type Piece =
  | readonly ["text", string]
  | readonly ["told", string]
  | readonly ["chip" | "given" | "result", number | null];

/** A piece of the line that many steps share: it names its numbers. */
export type SharedPiece = Piece | readonly ["part", number] | readonly ["total", null];

/** A part of what is said below a board; where it is more than a sign, what it is, and the cells that it lights. */
export interface CaptionPart {
  text: string;
  about: string | null;
  cells: Record<string, number[]>;
}

export interface Section {
  left: string;
  right: string | null;
  columns: number | number[];
  title: string;
  of: string | null;
}

export interface Group {
  first: number;
  count: number;
  sections: Section[];
  joiner: string;
  row_sums: boolean;
  also: string[];
  tail: SharedPiece[];
  adds_to: string | null;
}

export interface Answer {
  right: boolean;
  revealed: boolean;
  sentence: string;
  terms: number[];
}

/** A chart over the steps, and words of its own. */
export interface Curve extends SentChart {
  about: string;
  reading: string;
}

/** The lines of all steps as one, with the places that it leaves open, and what stands there by step. */
export interface SharedLine {
  line: Piece[];
  open: number[];
  steps: (number | string)[][];
}

export interface Scene {
  revision: number;
  /** Whether something beside the boards follows what was typed; else only the link does. */
  follows: boolean;
  /** By parameter, what the link says of the numbers. */
  address: Record<string, string>;
  step: number;
  /** The one that a link without a step stands for. */
  first_step: number;
  all: boolean;
  predicts: boolean;
  pick: [board: string, cell: number] | null;
  /** What is asked to stand in cells; null where that cannot be chosen. */
  cells: Cells | null;
  parameters: Record<string, string>;
  depths: Record<string, number>;
  predict: { answers: BySteps<Answer | undefined>; right: number; asked: number } | null;
  boards: Record<string, Part>;
  captions: Record<string, CaptionPart[]>;
  arrangements: Arrangement[];
  steps: number;
  reads: Record<string, number[][]>;
  groups: Group[];
  products: BySteps<number[]>;
  parts: BySteps<number[]>;
  row_sums: BySteps<number[]> | null;
  tails: BySteps<Piece[]> | SharedLine;
  marks: Record<string, number[][]>;
  tied: Record<string, number[][]>;
  same: Record<string, number[]>;
  titles: string[] | null;
  fills: boolean;
  note: string | null;
  refusal: string | null;
  compact: boolean;
  /** Whether sums may have more rows of terms than a low window has room for. */
  is_high: boolean;
  words: Record<string, string>;
  speeds: [rate: number, label: string][];
  /** The rate that is chosen at first. */
  speed: number;
  characters: number;
  total_scale: number;
  curve: Curve | null;
  symbols: Symbols | null;
}

export type Cells = "numbers" | "letters" | "both";

/** What cells are called, where that is shown. */
export interface Symbols {
  /** By board. */
  letters: Record<string, string>;
  /** Whether their numbers stand beside them. */
  numbers: boolean;
  /** Whether the right cell of a product is written first. */
  right_first: boolean;
}

// What the component itself keeps.

/** What the pointer is on: a step, a cell of a board, or a term of the sum. */
export interface Pointed {
  step?: number;
  board?: string;
  cell?: number;
  term?: number;
}

/** What a step says about a cell. */
export interface CellLook {
  tapped?: boolean;
  pointed?: boolean;
  won?: boolean;
  tied?: boolean;
  same?: boolean;
  hinted?: boolean;
  lit?: boolean;
  weight?: string;
}

/** An element that remembers how it was drawn last, so that what has not changed is not drawn again. */
export type Drawn = Tinted & { drawn?: string | null; marked?: string };

/** Where a grid of numbers has its cells, and how large they are. */
export interface Fitting {
  node: ArrangementNode;
  /** A cell's width. */
  cell: number;
  /** Its height. */
  tall: number;
  digits: number;
  room: number;
  longRoom: number;
  /** Characters that a cell shows whole; of longer numbers it tells in its title. */
  most: number;
  weightRoom: number;
  /** Pixels that boards and what stands below them have at least, so that the player keeps its place; 0 on phones. */
  high: number;
  terms: "full" | "close" | "bare" | "stacked";
  /** Pixels that the sum is wide at least, where it stands beside the boards. */
  sumWidth: number;
  /** Pixels of the end of the sum, of whichever step it is longest. */
  tailHigh: number;
  /** The most characters of a sum's numbers, by what they are. */
  characters: {
    left: number;
    right: number;
    product: number;
    row: number;
    part: number;
    result: number;
    /** Of the name beside a number, in digits of the number; and of what stands before the first term. */
    symbol: number;
    lead: number;
  };
}

/** How the boards and their sum fill the screen. */
export interface Presented extends Fitting {
  /** Pixels of what is said around the numbers. */
  words: number;
  /** Em around a number in the sum. */
  chip: number;
  /** How many lines the title of the sum takes at most. */
  titleLines: number;
}
