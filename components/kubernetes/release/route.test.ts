import { expect, test, vi } from "vitest";
import { ApiRefusal } from "./api-errors";
import type { HttpRoute } from "./objects";
import { routeFault, untilRouted } from "./route";

const PARENT = { name: "public", namespace: "gateways" };
const YES = { status: "True", reason: "Accepted", message: "", observedGeneration: 3 } as const;

type Conditions = NonNullable<NonNullable<HttpRoute["status"]>["parents"]>[number]["conditions"];

const route = (conditions?: Conditions): HttpRoute => ({
  metadata: { name: "shop", generation: 3 },
  spec: { parentRefs: [PARENT] },
  ...(conditions !== undefined && { status: { parents: [{ parentRef: PARENT, conditions }] } }),
});

test("a route that its Gateway takes has no fault", () => {
  expect(
    routeFault(
      route([
        { type: "Accepted", ...YES },
        { type: "ResolvedRefs", ...YES },
      ]),
    ),
  ).toBeUndefined();
});

test("a Gateway's refusal is told in its own words", () => {
  const refused = { status: "False", reason: "NoMatchingParent", message: "no listener tls", observedGeneration: 3 };
  expect(routeFault(route([{ type: "Accepted", ...refused, status: "False" }]))).toEqual({
    problem: "the Gateway gateways/public refuses its HTTPRoute (NoMatchingParent: no listener tls)",
    said: true,
  });
  const unresolved = {
    type: "ResolvedRefs",
    ...refused,
    status: "False",
    reason: "BackendNotFound",
    message: "",
  } as const;
  expect(routeFault(route([{ type: "Accepted", ...YES }, unresolved]))?.problem).toBe(
    "the Gateway gateways/public cannot follow its HTTPRoute (BackendNotFound)",
  );
});

test("what was said of an earlier route counts for nothing", () => {
  const unheard = { problem: "the Gateway gateways/public has not said that it takes its HTTPRoute", said: false };
  for (const status of ["True", "False"] as const) {
    expect(routeFault(route([{ type: "Accepted", ...YES, status, observedGeneration: 2 }]))).toEqual(unheard);
  }
  expect(routeFault(route())).toEqual(unheard);
  expect(routeFault(undefined)).toEqual({ problem: "its HTTPRoute is gone", said: true });
});

test("one of two Gateways that refuses is enough", () => {
  const both = route([{ type: "Accepted", ...YES }]);
  both.status?.parents?.push({
    parentRef: { name: "inner" },
    conditions: [{ type: "Accepted", ...YES, status: "False", reason: "NotAllowedByListeners" }],
  });
  expect(routeFault(both)?.problem).toMatch(/^the Gateway inner refuses/);
});

test("a refusal that passes is waited for, one that stays is told after five seconds, silence after thirty", async () => {
  vi.useFakeTimers();
  const refused = route([{ type: "Accepted", ...YES, status: "False" }]);
  const ask = async (answers: (second: number) => HttpRoute) => {
    const began = Date.now();
    const httpRoute = async () => answers((Date.now() - began) / 1000);
    const asked = untilRouted({ httpRoute }, "web", "shop", () => {});
    await vi.advanceTimersByTimeAsync(60_000);
    return asked;
  };
  const seconds: number[] = [];
  const noted = (answer: HttpRoute) => (second: number) => {
    seconds.push(second);
    return answer;
  };
  expect(await ask((second) => (second < 4 ? refused : route([{ type: "Accepted", ...YES }])))).toBeUndefined();
  expect(await ask(noted(refused))).toMatch(/refuses/);
  expect(seconds.at(-1)).toBe(5);
  expect(await ask(noted(route()))).toMatch(/has not said/);
  expect(seconds.at(-1)).toBe(30);
  vi.useRealTimers();
});

test("an account that may not read routes is told of, and releases go on", async () => {
  const said: string[] = [];
  const httpRoute = async () => {
    throw new ApiRefusal(403, "httproutes is forbidden");
  };
  expect(await untilRouted({ httpRoute }, "web", "shop", (line) => said.push(line))).toBeUndefined();
  expect(said).toEqual(["whether the Gateway takes the route cannot be told: httproutes is forbidden"]);
});
