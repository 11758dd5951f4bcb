import versions from "./tool-versions.json";

/** A command line tool that generated pipelines run, at one exact version. */
export interface Tool {
  /** Without a v before it: "1.32.0". At least seven days old when it was chosen. */
  readonly version: string;
  /**
   * Where it is installed from. npm and PyPI refuse to serve other bytes under a published version, Go checks its
   * checksum database; a tool of "none" is installed by an action or an image with a pin of its own.
   */
  readonly registry: "npm" | "pypi" | "go" | "none";
  /** Name there; for Go the package of the program. Absent for "none". */
  readonly package?: string;
}

export type ToolName = keyof typeof versions;

/** Every tool by the name of its command. */
export const tools = versions as Readonly<Record<ToolName, Tool>>;

export const toolVersion = (name: ToolName): string => tools[name].version;
