import { elementsOf, entriesOf, isObject, part } from "./anything";
import { describeValue, joinPath, type Problem } from "./problem";
import {
  type Analysis,
  type CanaryScale,
  type CanaryStep,
  type Freeze,
  type Hook,
  OnFailure,
  type Release,
  ScaleMode,
} from "./release";

/** Problems between settings of a release, beyond what each field says by itself. */
export function releaseRules(release: Release, path: string): Problem[] {
  const canary = part(release, "canary");
  const steps = part(canary, "steps");
  return [
    ...strategyRules(release, path),
    ...judgeRules(part(release, "analysis"), `${path}.analysis`),
    ...stepRules(Array.isArray(steps) ? steps : undefined, `${path}.canary.steps`),
    ...scaleRules(part(canary, "scale"), `${path}.canary.scale`),
    ...entriesOf(part(release, "hooks") as Record<string, Hook> | undefined).flatMap(([name, hook]) =>
      hookRules(hook, joinPath(path, "hooks", name)),
    ),
    ...migrationRules(release, path),
    ...freezeRules(part(release, "freeze"), `${path}.freeze`),
  ];
}

function strategyRules(release: Release, path: string): Problem[] {
  if (!isObject(release)) return [];
  const named = (["rolling", "immediate", "blueGreen", "canary"] as const).filter(
    (name) => release[name] !== undefined,
  );
  if (named.length <= 1) return [];
  return [{ path, problem: "must have at most one strategy", got: named.join(", "), fix: "Keep one of them" }];
}

function judgeRules(analysis: Analysis | undefined, path: string): Problem[] {
  if (part(analysis, "sequential") === undefined || part(analysis, "threshold") === undefined) return [];
  const fix = "Keep one of them; the sequential test is the default";
  return [{ path, problem: "must have at most one judge", got: "sequential, threshold", fix }];
}

function stepRules(steps: readonly CanaryStep[] | undefined, path: string): Problem[] {
  if (steps === undefined) return [];
  if (steps.length === 0) {
    return [{ path, problem: "is empty", fix: "Add a step, or leave out steps for 10, 25, 50 and 75 percent" }];
  }
  return steps.flatMap((step, index) => {
    const weight = part(step, "weight");
    const before = part(steps[index - 1], "weight");
    if (typeof weight !== "number" || typeof before !== "number" || !(weight <= before)) return [];
    return [
      {
        path: joinPath(path, index, "weight"),
        problem: "must be larger than the step before it",
        got: `${weight} after ${before}`,
        fix: "Sort the steps by weight",
      },
    ];
  });
}

function scaleRules(scale: CanaryScale | undefined, path: string): Problem[] {
  if (!isObject(scale)) return [];
  const fixed = scale.mode === ScaleMode.fixed;
  if (fixed === (scale.replicas !== undefined)) return [];
  return [
    fixed
      ? { path: `${path}.replicas`, problem: 'is missing beside mode "fixed"', fix: "Give the number of copies" }
      : {
          path: `${path}.replicas`,
          problem: 'has no effect without mode "fixed"',
          got: describeValue(scale.replicas),
          fix: 'Set mode to "fixed", or remove it',
        },
  ];
}

function hookRules(hook: Hook, path: string): Problem[] {
  if (!isObject(hook)) return [];
  const given = (["container", "http", "lambda"] as const).filter((kind) => hook[kind] !== undefined);
  if (given.length === 1) return [];
  return [
    {
      path,
      problem: "must have exactly one of container, http and lambda",
      got: given.length === 0 ? "none" : given.join(", "),
      fix: given.length === 0 ? 'Write { http: { url: "https://…" } }, for example' : "Keep one of them",
    },
  ];
}

/** The old version cannot run on what an irreversible migration leaves, so that taking traffic back would break it. */
function migrationRules(release: Release, path: string): Problem[] {
  if (part(part(release, "migration"), "reversible") !== false) return [];
  if (part(release, "onFailure") === OnFailure.pause) return [];
  return [
    {
      path: `${path}.migration.reversible`,
      problem: "cannot be false while a failed release goes back to the old version by itself",
      got: `onFailure ${describeValue(part(release, "onFailure") ?? OnFailure.rollback)}`,
      fix: 'Set onFailure to "pause", or split the migration so that the old version still works after it',
    },
  ];
}

function freezeRules(freeze: Freeze | undefined, path: string): Problem[] {
  const dates = elementsOf(part(freeze, "dates")).flatMap((range, index): Problem[] => {
    const [from, to] = [part(range, "from"), part(range, "to")];
    if (typeof from !== "string" || typeof to !== "string" || !(Date.parse(to) <= Date.parse(from))) return [];
    const here = joinPath(path, "dates", index, "to");
    return [{ path: here, problem: "must be after from", got: describeValue(to), fix: "Exchange the two" }];
  });
  const weekly = elementsOf(part(freeze, "weekly")).flatMap((hours, index): Problem[] => {
    const problems: Problem[] = [];
    const [from = "00:00", to = "24:00", zone] = [part(hours, "from"), part(hours, "to"), part(hours, "timeZone")];
    const here = joinPath(path, "weekly", index);
    if (typeof from === "string" && typeof to === "string" && to <= from) {
      const fix = "Give a later time of the same day; a freeze over midnight is two of them";
      problems.push({ path: `${here}.to`, problem: "must be after from", got: describeValue(to), fix });
    }
    if (typeof zone === "string" && !isTimeZone(zone)) {
      const fix = 'Write "Europe/Berlin", for example';
      problems.push({ path: `${here}.timeZone`, problem: "is no known time zone", got: describeValue(zone), fix });
    }
    return problems;
  });
  return [...dates, ...weekly];
}

/** Asking costs a formatter, tens of times the other rules together. */
const timeZones = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  const seen = timeZones.get(name);
  if (seen !== undefined) return seen;
  let known = true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    known = false;
  }
  timeZones.set(name, known);
  return known;
}
