// What Python sends: `film` and `menu` of cnnlab/lessons/image_pipeline/film.py, and the words of __init__.py.

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
