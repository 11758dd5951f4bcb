/** A file made from a pipeline. The same input gives the same bytes. */
export interface GeneratedFile {
  /** Where it lies, relative to the repository: ".github/workflows/ci.yml". */
  path: string;
  content: string;
  /** Whether it may be run. Defaults to false. */
  executable?: boolean;
}
