import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation";

export type { EngineEvent };

export interface PluginChoice {
  /** Package the plugin serves: `docker`, `aws`. */
  name: string;
  /** Defaults to the version of the package's SDK, as the program has it installed. */
  version?: string;
  /**
   * `memory` serves any package from a folder; `docker`, `github` and `kubernetes` are an official plugin where one is
   * installed, else the testkit's own; anything else is the path of a plugin's executable. Defaults to the package's own
   * name for those three, and to "memory" for every other.
   */
  from?: string;
  /** Whether an installed official plugin is preferred to the testkit's own. Defaults to true. */
  official?: boolean;
}

export interface EngineOptions {
  /** The program, in this process. Either this or `workDir`. */
  program?: PulumiFn;
  /** Folder of a Pulumi project. Nothing is written into it. */
  workDir?: string;
  /** Defaults to the project's own name, and to "testkit" for an inline program. */
  project?: string;
  /** Defaults to "test" and random digits. */
  stack?: string;
  /** Configuration; a key without a namespace belongs to the project. */
  config?: Record<string, string>;
  /** Configuration whose values are secrets. */
  secretConfig?: Record<string, string>;
  /** Provider plugins of the run. Defaults to none. */
  plugins?: PluginChoice[];
  /** Policy packs that every preview and update has to pass: folders, or executables. */
  policyPacks?: string[];
  /** Files of JSON with the configuration of each pack, in the order of `policyPacks`. */
  policyPackConfigs?: string[];
  /** More environment variables for the engine, the program and the plugins. */
  env?: Record<string, string>;
  /**
   * Whether the CLI keeps its own log of each operation, as it does for users; for what measures their times. Defaults
   * to false: with large objects, writing it is most of the engine's work.
   */
  cliLog?: boolean;
}

export interface OperationOptions {
  /** Fail when there is anything to do. For `up` and `preview`. */
  expectNoChanges?: boolean;
  /** Look at the real objects first. For `up`, `preview` and `destroy`. */
  refresh?: boolean;
  /** URNs to confine the operation to. */
  target?: string[];
  /** How many resources may be worked on at once. */
  parallel?: number;
  /** For `refresh`: forget creations whose end is not known. Defaults to false. */
  clearPendingCreates?: boolean;
  onEvent?: (event: EngineEvent) => void;
  /** Receives the engine's display, piece by piece. */
  onOutput?: (text: string) => void;
}
