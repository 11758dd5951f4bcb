import { elementsOf, entriesOf, isObject, part } from "./anything";
import { parseDuration } from "./duration";
import type { Approval, Environment } from "./environment";
import { describeValue, joinPath, type Problem } from "./problem";
import { lenientSeconds, repeated, unknownName } from "./references";

/** GitHub takes no more reviewers than this for one environment. */
const mostReviewers = 6;
const longestWaitSeconds = 30 * 24 * 3600;

/** Problems between settings of one environment, beyond what each field says by itself. */
export function environmentRules(environment: Environment, path: string): Problem[] {
  const variables = entriesOf(part(environment, "variables")).map(([name]) => name);
  const secrets = part(environment, "secrets");
  const verify = part(environment, "verify");
  return [
    ...approvalRules(part(environment, "approval"), `${path}.approval`),
    ...repeated(secrets, `${path}.secrets`),
    ...elementsOf(secrets).flatMap((name, index) =>
      variables.includes(name)
        ? [
            {
              path: joinPath(path, "secrets", index),
              problem: "is also one of the variables",
              got: describeValue(name),
              fix: "Remove it from variables or from secrets",
            },
          ]
        : [],
    ),
    ...(isObject(verify) && part(environment, "url") === undefined
      ? [
          {
            path: `${path}.verify`,
            problem: "has nothing to ask without url",
            fix: 'Add url: "https://shop.example.com", for example',
          },
        ]
      : []),
  ];
}

function approvalRules(approval: Approval | undefined, path: string): Problem[] {
  if (!isObject(approval)) return [];
  const people = elementsOf(approval.users).length + elementsOf(approval.teams).length;
  const problems = [...repeated(approval.users, `${path}.users`), ...repeated(approval.teams, `${path}.teams`)];
  if (people > mostReviewers) {
    problems.push({
      path,
      problem: `has more than ${mostReviewers} people and teams together in users and teams`,
      got: String(people),
      fix: "Name a team instead of its members",
    });
  }
  const wait = lenientSeconds(parseDuration, approval.wait);
  if (wait > longestWaitSeconds) {
    const got = describeValue(approval.wait);
    problems.push({ path: `${path}.wait`, problem: "must be at most 30 days", got, fix: 'Write "30d" or less' });
  }
  if (people === 0 && approval.wait === undefined && approval.way === undefined) {
    const fix = 'Add users: ["octocat"], for example, or remove it';
    problems.push({ path, problem: "asks nobody: users and teams are empty", fix });
  }
  return problems;
}

/** Problems of environments with each other. `strategies` are the names they may choose from. */
export function environmentsRules(
  environments: Record<string, Environment> | undefined,
  path: string,
  strategies: readonly string[],
): Problem[] {
  const all = new Map(entriesOf(environments));
  return [...all].flatMap(([name, environment]) => {
    const here = joinPath(path, name);
    return [
      ...environmentRules(environment, here),
      ...unknownName(part(environment, "strategy"), strategies, "strategies", `${here}.strategy`),
      ...promotionRules(name, all, `${here}.promotesFrom`),
    ];
  });
}

function promotionRules(name: string, all: ReadonlyMap<string, Environment>, path: string): Problem[] {
  const from = part(all.get(name), "promotesFrom");
  const unknown = unknownName(from, [...all.keys()], "environments", path);
  if (unknown.length > 0 || typeof from !== "string") return unknown;
  const way = [name];
  let next: string | undefined = from;
  while (next !== undefined && !way.includes(next)) {
    way.push(next);
    next = part(all.get(next), "promotesFrom");
  }
  // Told for the environments on the circle, not for those that only lead to it.
  if (next !== name) return [];
  const got = [...way, name].map((each) => describeValue(each)).join(" from ");
  const fix = "Let one of them promote from nothing: new versions come there first";
  return [{ path, problem: "makes a circle of environments", got, fix }];
}
