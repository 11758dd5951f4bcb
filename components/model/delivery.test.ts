import { describe, expect, test } from "vitest";
import { formatProblem } from "./problem";
import { checkDelivery, checkEnvironment, checkPipeline } from "./validate";

const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };
const lines = (document: object) => checkDelivery(document, "d").map(formatProblem);

test("one service, and several", () => {
  expect(lines({ service, release: { canary: {} }, objectives: { availability: 0.999 } })).toEqual([]);
  expect(lines({ services: { shop: { service } } })).toEqual([]);
});

describe("one service or several, not both and not none", () => {
  test.each([
    [
      {},
      "d delivers nothing: it has neither service nor services nor pipeline. Add services: { shop: { service: … } }, or service alone when there is only one.",
    ],
    [
      { services: {} },
      "d delivers nothing: it has neither service nor services nor pipeline. Add services: { shop: { service: … } }, or service alone when there is only one.",
    ],
    [
      { service, services: { shop: { service } } },
      "d must have either service or services (got both). Move service into services, under a name.",
    ],
    [{ services: 5 }, "d.services must be an object (got a number). Write it like { shop: { service: … } }."],
  ])("%#", (document, line) => expect(lines(document)).toEqual([line]));
});

describe("names of other parts", () => {
  const base = {
    services: { shop: { service } },
    strategies: { careful: {} },
    environments: { staging: {}, production: { promotesFrom: "staging" } },
  };
  const meant = (what: string, name: string, map: string, better: string) =>
    `d.${what} is no name in ${map} (got "${name}"). Did you mean ${better}?`;

  test.each([
    [
      { services: { shop: { service, strategy: "carful" } } },
      meant("services.shop.strategy", "carful", "strategies", "careful"),
    ],
    [
      { services: { shop: { service, environments: ["stagng"] } } },
      meant("services.shop.environments[0]", "stagng", "environments", "staging"),
    ],
    [
      { services: { shop: { service, targets: { stagng: "ecs" } } } },
      meant("services.shop.targets.stagng", "stagng", "environments", "staging"),
    ],
    [
      { environments: { staging: { strategy: "Careful" } } },
      meant("environments.staging.strategy", "Careful", "strategies", "careful"),
    ],
    [
      { environments: { staging: { promotesFrom: "dev" } } },
      'd.environments.staging.promotesFrom is no name in environments (got "dev"). Known there: staging.',
    ],
    [
      { repositories: { one: { name: "a/b", services: ["shoop"] } } },
      meant("repositories.one.services[0]", "shoop", "services", "shop"),
    ],
    [
      { pipeline: { tests: { e2e: { command: "x", environment: "prod" } } } },
      'd.pipeline.tests.e2e.environment is no name in environments (got "prod"). Known there: staging, production.',
    ],
    [
      {
        repositories: {
          one: { name: "a/b", pipeline: { tests: { api: { collection: "x", environment: "stagin" } } } },
        },
      },
      meant("repositories.one.pipeline.tests.api.environment", "stagin", "environments", "staging"),
    ],
    [
      { notifications: { slack: [{ channel: "#a", environments: ["stag"] }] } },
      'd.notifications.slack[0].environments[0] is no name in environments (got "stag"). Known there: staging, production.',
    ],
    [
      { strategies: {}, services: { shop: { service, strategy: "x" } } },
      'd.services.shop.strategy is no name in strategies (got "x"). Add it to strategies, which is empty.',
    ],
  ])("%#", (change, line) => expect(lines({ ...base, ...change })).toEqual([line]));
});

describe("promotion", () => {
  const told = (environments: Record<string, object>) => lines({ service, environments });

  test("a line is well", () => expect(told({ a: {}, b: { promotesFrom: "a" }, c: { promotesFrom: "b" } })).toEqual([]));

  test("a circle is told at each of its environments, and not at one that only leads to it", () => {
    const from = (name: string) => ({ promotesFrom: name });
    expect(told({ a: from("c"), b: from("a"), c: from("b"), d: from("a") })).toEqual([
      'd.environments.a.promotesFrom makes a circle of environments (got "a" from "c" from "b" from "a"). Let one of them promote from nothing: new versions come there first.',
      'd.environments.b.promotesFrom makes a circle of environments (got "b" from "a" from "c" from "b"). Let one of them promote from nothing: new versions come there first.',
      'd.environments.c.promotesFrom makes a circle of environments (got "c" from "b" from "a" from "c"). Let one of them promote from nothing: new versions come there first.',
    ]);
  });

  test("from itself", () => {
    expect(told({ a: { promotesFrom: "a" } })).toEqual([expect.stringContaining('(got "a" from "a")')]);
  });
});

test("a service is in one repository, and an image has one owner", () => {
  const document = {
    services: { shop: { service } },
    repositories: { one: { name: "a/b", services: ["shop"] }, two: { name: "a/c", services: ["shop"] } },
    pipeline: { images: { builds: { shop: { context: "." }, tools: { context: "." } } } },
  };
  expect(lines(document)).toEqual([
    'd.repositories.two.services[0] is already among the services of repositories.one (got "shop"). Keep it in one repository.',
    "d.pipeline.images.builds.shop is the name of the image that services.shop builds. Choose another name, or remove it: a service's image is built without being named here.",
  ]);
});

describe("environment", () => {
  const told = (value: object) => checkEnvironment(value, "e").map(({ path, problem }) => `${path} ${problem}`);

  test("approval without anybody is well where it waits or is a way of its own", () => {
    expect(told({ approval: { wait: "30d" } })).toEqual([]);
    expect(told({ approval: { way: "dispatch" } })).toEqual([]);
    expect(told({ approval: {} })).toEqual(["e.approval asks nobody: users and teams are empty"]);
    expect(told({ approval: { users: [] } })).toHaveLength(1);
  });

  test("at most six reviewers, people and teams together", () => {
    const users = ["a", "b", "c", "d"];
    expect(told({ approval: { users, teams: ["e", "f"] } })).toEqual([]);
    expect(told({ approval: { users, teams: ["e", "f", "g"] } })).toEqual([
      "e.approval has more than 6 people and teams together in users and teams",
    ]);
  });

  test.each(["main", "release/*", "v1.2", "*", "a-b_c/d"])("branch %s is well", (branch) =>
    expect(told({ branches: [branch] })).toEqual([]),
  );

  test.each(["refs/heads/main", "a..b", "/a", "a/", "a b", "a.lock", "a~1", "a:b", "-a", "", "a//b", "a/.b", "$(x)"])(
    "branch %j could never match",
    (branch) => expect(told({ branches: [branch] })).toEqual(["e.branches[0] can match no branch and no tag"]),
  );

  test.each(["GITHUB_TOKEN", "CI_JOB_TOKEN", "1A", "a", "A-B", ""])("%j is no name of a secret", (name) =>
    expect(told({ secrets: [name] })).toHaveLength(1),
  );
});

describe("pipeline", () => {
  const told = (value: object) => checkPipeline(value, "p").map(({ path, problem }) => `${path} ${problem}`);

  test("a tool needs its part of the toolchain", () => {
    expect(told({ lint: { tools: ["ruff", "biome"] }, toolchain: { node: {} } })).toEqual([
      "p.lint.tools[0] needs toolchain.python",
    ]);
    expect(told({ security: { audit: ["npm-audit"], bandit: true } })).toEqual([
      "p.security.audit[0] needs toolchain.node",
      "p.security.bandit needs toolchain.python",
    ]);
    expect(told({ versioning: { way: "changesets" } })).toEqual(["p.versioning.way needs toolchain.node"]);
    expect(told({ security: { bandit: false }, versioning: { way: "tag" } })).toEqual([]);
  });

  test("an update of a deployment can go back only where there is one", () => {
    const smoke = { command: "x", onFailure: "rollback" };
    expect(told({ tests: { smoke } })).toEqual([
      "p.tests.smoke.onFailure cannot roll anything back without environment",
    ]);
    expect(told({ tests: { smoke: { ...smoke, environment: "production" } } })).toEqual([]);
  });

  test("each registry needs what it logs in with, and no more", () => {
    const secrets = { userSecret: "U", passwordSecret: "P" };
    expect(told({ registry: { kind: "docker-hub" } })).toEqual([
      'p.registry.userSecret is missing beside kind "docker-hub"',
      'p.registry.passwordSecret is missing beside kind "docker-hub"',
    ]);
    expect(told({ registry: { kind: "docker-hub", ...secrets } })).toEqual([]);
    expect(told({ registry: { kind: "other", address: "a.b:5000", ...secrets } })).toEqual([]);
    expect(told({ registry: { kind: "ghcr", ...secrets } })).toHaveLength(2);
    expect(told({ registry: { kind: "acr" } })).toEqual(['p.registry.address is missing beside kind "acr"']);
  });

  test.each(["17 3 * * 1", "*/5 0-6,12 1 * *"])("cron %s is well", (schedule) =>
    expect(told({ infrastructure: { drift: schedule } })).toEqual([]),
  );
  test.each(["daily", "* * * *", "* * * * * *", "@weekly", "1 1 1 1 1; x"])("cron %s is refused", (schedule) =>
    expect(told({ infrastructure: { drift: schedule } })).toHaveLength(1),
  );

  test.each(["../x", "/etc/passwd", "a/../../b", "a\nb", "a\\b", "a "])(
    "path %j leads out of the repository",
    (report) =>
      expect(told({ tests: { unit: { command: "x", report } } })).toEqual([
        "p.tests.unit.report must be a path inside the repository",
      ]),
  );
  test.each(["a", "..a/b", "a b/c.xml", ".github/x", "reports/**/*.xml"])("path %j is well", (report) =>
    expect(told({ tests: { unit: { command: "x", report } } })).toEqual([]),
  );
});
