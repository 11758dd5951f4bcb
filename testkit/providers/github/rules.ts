import { flag, list, number, object, set, text } from "../shared/shape";
import { isRecord, type Properties } from "../shared/wire";

/** A rule as GitHub's REST API writes it. */
export interface Rule {
  type: string;
  parameters?: Properties;
}

const pattern = object({ name: text, negate: flag, operator: text, pattern: text }, ["operator", "pattern"]);

/** The rules of a ruleset as the package writes them. */
export const rulesShape = object({
  creation: flag,
  update: flag,
  updateAllowsFetchAndMerge: flag,
  deletion: flag,
  nonFastForward: flag,
  requiredLinearHistory: flag,
  requiredSignatures: flag,
  pullRequest: object({
    allowedMergeMethods: set(text),
    dismissStaleReviewsOnPush: flag,
    requireCodeOwnerReview: flag,
    requireLastPushApproval: flag,
    requiredApprovingReviewCount: number,
    requiredReviewThreadResolution: flag,
  }),
  requiredStatusChecks: object(
    {
      requiredChecks: set(object({ context: text, integrationId: number }, ["context"])),
      strictRequiredStatusChecksPolicy: flag,
      doNotEnforceOnCreate: flag,
    },
    ["requiredChecks"],
  ),
  mergeQueue: object({
    checkResponseTimeoutMinutes: number,
    groupingStrategy: text,
    maxEntriesToBuild: number,
    maxEntriesToMerge: number,
    mergeMethod: text,
    minEntriesToMerge: number,
    minEntriesToMergeWaitMinutes: number,
  }),
  requiredDeployments: object({ requiredDeploymentEnvironments: list(text) }, ["requiredDeploymentEnvironments"]),
  requiredCodeScanning: object(
    {
      requiredCodeScanningTools: set(
        object({ tool: text, alertsThreshold: text, securityAlertsThreshold: text }, [
          "tool",
          "alertsThreshold",
          "securityAlertsThreshold",
        ]),
      ),
    },
    ["requiredCodeScanningTools"],
  ),
  commitMessagePattern: pattern,
  commitAuthorEmailPattern: pattern,
  committerEmailPattern: pattern,
  branchNamePattern: pattern,
  tagNamePattern: pattern,
});

/** Values that absent parameters of a rule stand for. */
const DEFAULTS: Record<string, Properties> = {
  pullRequest: {
    dismissStaleReviewsOnPush: false,
    requireCodeOwnerReview: false,
    requireLastPushApproval: false,
    requiredApprovingReviewCount: 0,
    requiredReviewThreadResolution: false,
  },
  requiredStatusChecks: { strictRequiredStatusChecksPolicy: false, doNotEnforceOnCreate: false },
  mergeQueue: {
    checkResponseTimeoutMinutes: 60,
    groupingStrategy: "ALLGREEN",
    maxEntriesToBuild: 5,
    maxEntriesToMerge: 5,
    mergeMethod: "MERGE",
    minEntriesToMerge: 1,
    minEntriesToMergeWaitMinutes: 5,
  },
};

/** Where the REST API has another word than the package. */
const WORDS: Record<string, string> = {
  requiredCodeScanning: "code_scanning",
  requiredCodeScanningTools: "code_scanning_tools",
  requiredChecks: "required_status_checks",
};
const WORDS_BACK: Record<string, string> = {
  code_scanning: "requiredCodeScanning",
  code_scanning_tools: "requiredCodeScanningTools",
};

/** Rules with every default inside them. */
export function completeRules(rules: Properties): Properties {
  return Object.fromEntries(
    Object.entries(rules).map(([key, value]) => [key, isRecord(value) ? { ...DEFAULTS[key], ...value } : value]),
  );
}

export function toRules(rules: Properties): Rule[] {
  const { updateAllowsFetchAndMerge, ...others } = completeRules(rules);
  return Object.entries(others).flatMap(([key, value]): Rule[] => {
    const type = WORDS[key] ?? snake(key);
    if (isRecord(value)) return [{ type, parameters: toApi(value) as Properties }];
    if (value !== true) return [];
    if (key !== "update") return [{ type }];
    return [{ type, parameters: { update_allows_fetch_and_merge: updateAllowsFetchAndMerge === true } }];
  });
}

/** The rules as a program writes them; `written` are those it wrote, whose open choices stay open. */
export function fromRules(rules: readonly Rule[], written: Properties): Properties {
  return Object.fromEntries(
    rules.flatMap(({ type, parameters }): [string, unknown][] => {
      if (type === "update") {
        const merges = parameters?.["update_allows_fetch_and_merge"] === true;
        return [["update", true], ...(merges ? ([["updateAllowsFetchAndMerge", true]] as [string, unknown][]) : [])];
      }
      const key = WORDS_BACK[type] ?? camel(type);
      if (!hasParameters(key)) return [[key, true]];
      const values = fromApi(parameters ?? {}) as Properties;
      const before = written[key];
      if (isRecord(before) && before["allowedMergeMethods"] === undefined) delete values["allowedMergeMethods"];
      return [[key, values]];
    }),
  );
}

function hasParameters(key: string): boolean {
  const shapes: Record<string, { kind: string } | undefined> = rulesShape.fields;
  return shapes[key]?.kind === "object";
}

function toApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toApi);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key, item]) => !(key === "integrationId" && !item));
  return Object.fromEntries(entries.map(([key, item]) => [WORDS[key] ?? snake(key), toApi(item)]));
}

function fromApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromApi);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      // Within its rule of the same name this is the list.
      key === "required_status_checks" ? "requiredChecks" : (WORDS_BACK[key] ?? camel(key)),
      fromApi(item),
    ]),
  );
}

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
