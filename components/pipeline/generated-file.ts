/** A file made from a pipeline. The same input gives the same bytes. */
export interface GeneratedFile {
  /** Where it lies, relative to the repository: ".github/workflows/ci.yml". */
  path: string;
  content: string;
  /** Whether it may be run. Defaults to false. */
  executable?: boolean;
}

/** In the first lines of every generated file: what has it was made here, and may be made anew or removed. */
export const madeByHeadgate =
  "Made by Headgate. Change the document it comes from, then run headgate pipeline: changes made here are lost.";

const HEAD_LINES = 5;

/** Whether a file was made here; those of others are never replaced, nor removed. */
export const isMadeByHeadgate = (content: string): boolean =>
  content.split("\n", HEAD_LINES).some((line) => line.includes(madeByHeadgate));
