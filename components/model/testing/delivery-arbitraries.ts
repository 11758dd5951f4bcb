import fc from "fast-check";
import type { DeliveredService, Delivery, Repository } from "../delivery";
import { Platform } from "../delivery";
import { type Approval, ApprovalWay, type Environment, OnBadDeployment } from "../environment";
import { DeliveryEvent, type Notifications } from "../notifications";
import { Target } from "../target";
import { duration, objectives, partial, path, positiveDuration, releases, services, variables } from "./arbitraries";
import { identity, pipelines, secretNames } from "./pipeline-arbitraries";

const values = <T extends string>(enumeration: Record<string, T>) => fc.constantFrom(...Object.values(enumeration));

const people = { users: fc.subarray(["octocat", "hubot-2"], { minLength: 1 }), preventSelfReview: fc.boolean() };
const teams = fc.subarray(["operators", "a.b_c", "x"]);

/** What each way can do: only a platform's own environment knows teams and waits. */
const approval: fc.Arbitrary<Approval> = fc.oneof(
  fc.record(
    { ...people, teams, wait: duration, way: fc.constant(ApprovalWay.environment) },
    { requiredKeys: ["users"] },
  ),
  fc.record({ ...people, teams, way: fc.constant(ApprovalWay.dispatch) }, { requiredKeys: ["users", "way"] }),
  fc.record({ ...people, way: fc.constant(ApprovalWay.issue) }, { requiredKeys: ["users", "way"] }),
);

const url = fc.constantFrom("https://shop.example.com", "http://10.0.0.1:8080/base");

/** An environment that may promote from one of these and use one of those strategies. */
export function environments(from: readonly string[], strategies: readonly string[]): fc.Arbitrary<Environment> {
  return fc.record(
    {
      url,
      stack: fc.constantFrom("production", "acme/shop/production"),
      target: values(Target),
      ...(from.length > 0 && { promotesFrom: fc.constantFrom(...from) }),
      approval,
      branches: fc.constantFrom(["main"], ["release/*", "main"]),
      tags: fc.constantFrom(["v*"], []),
      ...(strategies.length > 0 && { strategy: fc.constantFrom(...strategies) }),
      variables: variables.map((all) => ({ LOG_LEVEL: "info", ...omit(all, "_X") })),
      secrets: secretNames,
      identity,
      verify: partial({
        path,
        consecutive: fc.integer({ min: 1, max: 100 }),
        interval: positiveDuration,
        timeout: positiveDuration,
        onFailure: values(OnBadDeployment),
      }),
    },
    { requiredKeys: ["url"] },
  );
}

/** A large value in one of four cases, for the sake of time. */
const seldom = <T>(small: T, large: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(small) }, { weight: 1, arbitrary: large });

const omit = <T>(map: Record<string, T>, ...names: string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)));

function notifications(known: readonly string[]): fc.Arbitrary<Notifications> {
  const about = { events: fc.subarray(Object.values(DeliveryEvent)), environments: fc.subarray([...known]) };
  return partial<Notifications>({
    slack: fc.array(
      fc.record(
        { channel: fc.constantFrom("#deliveries", "#ops-2"), webhookSecret: fc.constant("SLACK"), ...about },
        { requiredKeys: ["channel"] },
      ),
      { maxLength: 2 },
    ),
    email: fc.array(
      fc.record(
        {
          to: fc.constant(["team@example.com"]),
          server: fc.constant("smtp.example.com:587"),
          userSecret: fc.constant("MAIL_USER"),
          passwordSecret: fc.constant("MAIL_PASSWORD"),
          ...about,
        },
        { requiredKeys: ["to", "server"] },
      ),
      { maxLength: 1 },
    ),
  });
}

function delivered(known: readonly string[], strategies: readonly string[]): fc.Arbitrary<DeliveredService> {
  const plain: fc.Arbitrary<DeliveredService> = fc.record(
    { service: services, objectives },
    { requiredKeys: ["service"] },
  );
  const ways: fc.Arbitrary<Pick<DeliveredService, "release" | "strategy">>[] = [partial({ release: releases })];
  if (strategies.length > 0) ways.push(fc.record({ strategy: fc.constantFrom(...strategies) }));
  const places: fc.Arbitrary<Pick<DeliveredService, "environments" | "targets">> =
    known.length === 0
      ? fc.constant({})
      : partial({
          environments: fc.constant([...known]),
          targets: fc.dictionary(fc.constantFrom(...known), values(Target)),
        });
  return fc.tuple(plain, fc.oneof(...ways), places).map(([one, way, place]) => ({ ...one, ...way, ...place }));
}

function repository(names: readonly string[], known: readonly string[]): fc.Arbitrary<Repository> {
  return fc.record(
    {
      name: fc.constantFrom("acme/shop", "acme/group/shop"),
      platform: values(Platform),
      url: fc.constant("https://gitlab.example.com"),
      path: fc.constant("services/shop"),
      services: fc.subarray([...names]),
      pipeline: seldom({}, pipelines(known)),
    },
    { requiredKeys: ["name"] },
  );
}

/** A whole document; the names that its parts call each other by are all there. */
export const deliveries = fc
  .record({
    known: fc.subarray(["staging", "production"]),
    strategies: fc.subarray(["careful", "quick"]),
    names: fc.subarray(["shop", "basket-2"], { minLength: 1 }),
    single: fc.boolean(),
  })
  .chain(({ known, strategies, names, single }): fc.Arbitrary<Delivery> => {
    const map = <T>(keys: readonly string[], value: (key: string, index: number) => fc.Arbitrary<T>) =>
      fc
        .tuple(...keys.map((key, index) => value(key, index).map((each) => [key, each] as const)))
        .map((entries) => Object.fromEntries(entries));
    const rest = {
      release: releases,
      objectives,
      pipeline: seldom({}, pipelines(known)),
      notifications: notifications(known),
    };
    const needed = {
      strategies: map(strategies, () => releases),
      environments: map(known, (_, index) => environments(known.slice(0, index), strategies)),
    };
    return single
      ? fc.record(
          { service: services, ...rest, ...needed },
          { requiredKeys: ["service", "strategies", "environments"] },
        )
      : fc.record(
          {
            services: map(names, () => delivered(known, strategies)),
            repositories: map(["one"], () => repository(names, known)),
            ...rest,
            ...needed,
          },
          { requiredKeys: ["services", "strategies", "environments"] },
        );
  });
