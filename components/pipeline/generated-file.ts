/** A file made from a pipeline. The same input gives the same bytes. */
export interface GeneratedFile {
  /** Where it lies, relative to the repository: ".github/workflows/ci.yml". */
  path: string;
  content: string;
  /** Whether it may be run. Defaults to false. */
  executable?: boolean;
}

/** First line of every generated file, as a remark: what has it was made here, and may be made anew or removed. */
export const madeByHeadgate =
  "Made by Headgate. Change the document it comes from, then run headgate pipeline: changes made here are lost.";
