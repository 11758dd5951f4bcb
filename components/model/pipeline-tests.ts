import type { OnBadDeployment } from "./environment";

/** Programs that look at the sources without running them. */
export const CheckTool = {
  ruff: "ruff",
  black: "black",
  flake8: "flake8",
  mypy: "mypy",
  pyright: "pyright",
  biome: "biome",
  eslint: "eslint",
  prettier: "prettier",
  tsc: "tsc",
} as const;
export type CheckTool = (typeof CheckTool)[keyof typeof CheckTool];

/** Where a report of coverage goes. */
export const CoverageUpload = {
  /** Kept with the run. */
  artifact: "artifact",
  /** Sent to Codecov. */
  codecov: "codecov",
} as const;
export type CoverageUpload = (typeof CoverageUpload)[keyof typeof CoverageUpload];

/** Where the figures are kept that a performance test compares with. */
export const Baseline = {
  /** In a branch of the repository, so that they never expire. */
  branch: "branch",
  /** In the platform's cache: a baseline that expired is measured anew. */
  cache: "cache",
} as const;
export type Baseline = (typeof Baseline)[keyof typeof Baseline];

/** Checks of the sources: known tools, commands of one's own, or both. */
export interface Checks {
  /** Known tools, each run over the whole repository. */
  tools?: CheckTool[];
  /** Shell commands, each of which must end with exit code 0. */
  commands?: string[];
}

/** A container that runs beside a test, such as a database. It is reached by its name. */
export interface TestContainer {
  /** Image by digest. */
  image: string;
  /** Ports, 1 to 65535. Defaults to those of the image. */
  ports?: number[];
  /** Environment variables that are no secrets. */
  env?: Record<string, string>;
}

/** Tests that one command runs. */
export interface TestSuite {
  /** Shell command. It must end with exit code 0. */
  command: string;
  /** Folder to run it in, relative to the repository. Defaults to the repository's root. */
  directory?: string;
  /** Longest time it may take, with its unit. Defaults to "30m". */
  timeout?: string;
  /** File or glob with results in JUnit's format, shown with the run. Defaults to none. */
  report?: string;
  /** Containers that run beside it, by name. Defaults to none. */
  containers?: Record<string, TestContainer>;
  /** Names of the secrets it gets as environment variables. Defaults to none. */
  secrets?: string[];
  /**
   * Environment against which it runs, after each deployment there; the variable BASE_URL holds its address. Defaults
   * to none: it runs before anything is deployed.
   */
  environment?: string;
}

/** Coverage of the unit tests. */
export interface Coverage {
  /** Report in the format of Cobertura or LCOV that the unit tests write, relative to their folder. */
  report: string;
  /** Smallest share of the lines, in percent, 0 to 100. Defaults to 0. */
  minimum?: number;
  /** Defaults to "artifact". */
  upload?: CoverageUpload;
}

/** Requests of a Postman collection, run by Newman. */
export interface ApiTests {
  /** File of the collection, relative to the repository. */
  collection: string;
  /** File with the values of the collection's variables. Defaults to none. */
  variables?: string;
  /** Longest time, with its unit. Defaults to "30m". */
  timeout?: string;
  /** Names of the secrets it gets as environment variables. Defaults to none. */
  secrets?: string[];
  /** Environment against which it runs, after each deployment there. Defaults to none. */
  environment?: string;
}

/** A few quick tests of what was just deployed. */
export interface SmokeTests {
  /** Shell command. It must end with exit code 0. */
  command: string;
  /** Environment after whose deployments it runs; the variable BASE_URL holds its address. Defaults to every one. */
  environment?: string;
  /** Longest time, with its unit. Defaults to "5m". */
  timeout?: string;
  /** Names of the secrets it gets as environment variables. Defaults to none. */
  secrets?: string[];
  /** What happens when it fails. Defaults to "fail". */
  onFailure?: OnBadDeployment;
}

/** A measurement that is compared with an earlier one. */
export interface PerformanceTests {
  /** Shell command that writes the figures. */
  command: string;
  /** File with the figures as JSON: an object of names and numbers, where less is better. */
  report: string;
  /** Most that a figure may grow over the baseline, in percent, above 0. Defaults to 5. */
  maxRegression?: number;
  /** Defaults to "branch". */
  baseline?: Baseline;
  /** Longest time, with its unit. Defaults to "30m". */
  timeout?: string;
  /** Environment against which it runs, after each deployment there. Defaults to none. */
  environment?: string;
}

/** Tests, in the order in which they run. */
export interface Tests {
  /** Tests of single parts, once for each version of the toolchain. */
  unit?: TestSuite;
  /** Coverage of the unit tests. */
  coverage?: Coverage;
  /** Tests of several parts together. */
  integration?: TestSuite;
  /** Tests of the interface. */
  api?: ApiTests;
  /** Tests of the whole, as a user sees it. */
  e2e?: TestSuite;
  /** Quick tests of a deployment. */
  smoke?: SmokeTests;
  /** Measurements. */
  performance?: PerformanceTests;
}
