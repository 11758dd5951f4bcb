/** What a linter objects to. */
export interface Finding {
  readonly tool: "languageservice" | "actionlint" | "zizmor";
  /** Path in the repository. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  /** The tool's name of the rule, where it has one. */
  readonly rule?: string;
  readonly message: string;
}

/** A finding before it is known which repository has the file. */
export type Placed = Omit<Finding, "file"> & {
  /** Path below the folder of all repositories. */
  readonly place: string;
};
