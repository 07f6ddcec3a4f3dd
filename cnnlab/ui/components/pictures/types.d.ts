// What Python sends, by kind.

export type PicturesData = FilmData | PairData | BlocksData;

// ----------------------------------------------------------------- a film
// `film` and `menu` of cnnlab/lessons/image_pipeline/film.py, and the words of film.py.

/** A step: the word of its type, and the texts of its arguments. */
export type Step = string[];

export interface Card {
  title: string;
  about: string;
  state: "done" | "failed" | "hidden" | "unknown";
  notes?: string[];
  error?: { type: string; says: string } | null;
  /** Of the network, where the picture fits into it. */
  takes?: string;
  gives?: string;
}

/** A card whose result is known and shown. */
export interface ResultCard extends Card {
  /** A data URL. */
  picture: string;
  held: string;
  dtype: string;
  measure: "size" | "shape";
  shape: string;
  range: string;
  type: string;
  drawn: string;
  /** A line for each channel: its name and numbers. */
  table: string[][];
  bars: { edges: [low: string, high: string]; channels: [name: string, shares: number[]][] };
  corner: { code: string; rows: string[][] };
}

export type Option = [value: string, label: string];

export interface Field {
  label: string;
  about: string;
  /** To choose from; none where the argument is typed. */
  options: Option[];
}

export interface StepType {
  title: string;
  source: boolean;
  /** What its arguments begin with. */
  texts: string[];
  fields: Field[];
}

export interface FilmData {
  kind: "film";
  cards: (Card | ResultCard)[];
  steps: Step[];
  menu: { types: Record<string, StepType>; most: number };
  selected: number;
  revision: number;
  answered: number;
  refused: string | null;
  isKnown: boolean;
  words: Record<string, string>;
}

// ----------------------------------------------------------------- a pair
// `Pair` of pair.py, which explains the fields.

/** Of the output. */
export type Pixel = [row: number, column: number];

export interface Pair {
  identity: string;
  /** A data URL, as is the output. */
  input: string;
  output: string;
  input_size: [height: number, width: number];
  output_size: [height: number, width: number];
  kernel_size: [height: number, width: number];
  stride: number;
  padding: number;
  dilation: number;
}

export interface PairData {
  kind: "pair";
  pair: Pair;
  pixel: Pixel;
  words: Record<string, string>;
}

// ----------------------------------------------------------------- blocks
// A `Picture` of cnnlab/lessons/network/blocks.py, and what blocks.py explains.

export type Point = [x: number, y: number];

export interface Area {
  block: number;
  points: Point[];
  /** By its name in the palette. */
  colour: string;
  /** How much of it is mixed into the ground. */
  share: number;
  dashed: boolean;
}

export interface Line {
  block: number;
  points: Point[];
  colour: string;
  dashed: boolean;
}

export interface Label {
  block: number;
  at: Point;
  text: string;
  size: number;
  anchor: "start" | "middle" | "end";
  colour: string;
  strong: boolean;
  row: number | null;
}

export interface Block {
  rows: number[];
  name: string;
  box: [left: number, top: number, right: number, bottom: number];
}

export interface Picture {
  width: number;
  height: number;
  blocks: Block[];
  areas: Area[];
  lines: Line[];
  labels: Label[];
  scale: string;
}

export type Palette = Record<string, [index: number, fallback: string]>;

export interface BlocksData {
  kind: "blocks";
  picture: Picture;
  palette: Palette;
  selected: number | null;
  answered: number;
  is_large: boolean;
  trouble: string;
  file: string;
  texts: { title: string; save_svg: string; save_png: string };
}
