import fc from "fast-check";
import { expect, test } from "vitest";
import { serverWeights, shareOf } from "../../release/weights";
import { changes } from "./changes";
import { registration } from "./play.testkit";
import type { DesiredServer, DesiredService, SeenServer, SeenWorld } from "./world";

const addresses = { get: () => "10.0.0.1" } as unknown as ReadonlyMap<string, string>;

function service(servers: DesiredServer[]): DesiredService {
  return { service: "shop", registration, servers };
}

function traffic(newCopies: number, oldCopies: number, percent: number, closed = false): DesiredServer[] {
  const weights = serverWeights(newCopies, oldCopies, percent);
  const of = (version: string, count: number, weight: number, candidate: boolean) =>
    Array.from({ length: count }, (_, index) => ({
      name: `${version}-${index + 1}`,
      host: `${version}-${index + 1}`,
      port: 80,
      weight,
      closed: closed && candidate,
      candidate,
    }));
  return [...of("r1", oldCopies, weights.old, false), ...of("r2", newCopies, weights.new, true)];
}

function seenAs(servers: DesiredServer[]): Record<string, SeenServer> {
  const entries = servers.map(({ name, port, weight, closed }) => [
    name,
    { address: "10.0.0.1", port, weight, closed, up: true, sessions: 0 } satisfies SeenServer,
  ]);
  return Object.fromEntries(entries);
}

/** What HAProxy does with the commands this module uses. */
function obey(world: Record<string, SeenServer>, command: string): void {
  const [verb = "", noun = "", path = "", what = "", value = ""] = command.split(" ");
  const name = path.split("/")[1] ?? "";
  const server = world[name];
  if (verb === "add") {
    world[name] = { address: "10.0.0.1", port: 80, weight: 0, closed: true, up: true, sessions: 0 };
  } else if (verb === "enable") return;
  else if (server === undefined) throw new Error(`no such server: ${command}`);
  else if (verb === "del") {
    if (!server.closed) throw new Error(`not in maintenance: ${command}`);
    delete world[name];
  } else if (noun === "server" && what === "weight") server.weight = Number(value);
  else if (noun === "server" && what === "state") server.closed = value === "maint";
}

function shares(world: Record<string, SeenServer>): { candidate: number; total: number } {
  const open = Object.entries(world).filter(([, { closed }]) => !closed);
  const sum = (part: typeof open) => part.reduce((total, [, { weight }]) => total + weight, 0);
  const total = sum(open);
  return { total, candidate: total === 0 ? 0 : (100 * sum(open.filter(([name]) => name.startsWith("r2")))) / total };
}

const percent = fc.oneof(fc.constantFrom(0, 100), fc.integer({ min: 0, max: 100 }));

test("between two weights the new version never gets more than before or after, and somebody always serves", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      percent,
      percent,
      fc.boolean(),
      (n, m, from, to, added) => {
        const before = traffic(n, m, added ? 0 : from);
        const world = seenAs(added ? before.filter(({ candidate }) => !candidate) : before);
        const wanted = service(traffic(n, m, to));
        const most = Math.max(
          added ? 0 : shareOf(n, m, serverWeights(n, m, from)),
          shareOf(n, m, serverWeights(n, m, to)),
        );
        for (const command of changes([wanted], { shop: world }, addresses)) {
          obey(world, command);
          expect(shares(world).candidate).toBeLessThanOrEqual(most + 1e-9);
          expect(shares(world).total).toBeGreaterThan(0);
        }
        expect(changes([wanted], { shop: world }, addresses)).toEqual([]);
        expect(shares(world).candidate).toBeCloseTo(shareOf(n, m, serverWeights(n, m, to)), 9);
      },
    ),
  );
});

test("a version that is taken back loses everything after the old one has it, and is removed when it is unwanted", () => {
  const world = seenAs(traffic(2, 2, 100));
  const closing = service(traffic(2, 2, 0, true));
  for (const command of changes([closing], { shop: world }, addresses)) {
    obey(world, command);
    expect(shares(world).total).toBeGreaterThan(0);
  }
  expect(shares(world).candidate).toBe(0);
  expect(world["r2-1"]?.closed).toBe(true);
  const gone = service(traffic(2, 2, 0).filter(({ candidate }) => !candidate));
  expect(changes([gone], { shop: world }, addresses)).toEqual(["del server shop/r2-1", "del server shop/r2-2"]);
});

test("an unwanted server that still works is closed first, and one that is closed is emptied", () => {
  const world: SeenWorld = { shop: seenAs(traffic(1, 1, 50)) };
  const wanted = service(traffic(1, 1, 0).filter(({ candidate }) => !candidate));
  expect(changes([wanted], world, addresses)).toEqual(["set server shop/r2-1 state maint", "del server shop/r2-1"]);
  Object.assign(world["shop"]?.["r2-1"] ?? {}, { closed: true, sessions: 3 });
  expect(changes([wanted], world, addresses)).toEqual(["shutdown sessions server shop/r2-1", "del server shop/r2-1"]);
});

test("a copy that came back under another address is followed, one without an address is left alone", () => {
  const world: SeenWorld = { shop: seenAs(traffic(1, 1, 50)) };
  const moved = new Map([["r1-1", "10.0.0.9"]]);
  expect(changes([service(traffic(1, 1, 50))], world, moved)).toEqual(["set server shop/r1-1 addr 10.0.0.9 port 80"]);
  expect(changes([service(traffic(1, 1, 50))], { shop: {} }, new Map())).toEqual([]);
});

test("the cookie of a server added at run time is computed", () => {
  const sticky = { ...service(traffic(1, 1, 0)), registration: { ...registration, stickyCookie: "COPY" } };
  expect(changes([sticky], { shop: {} }, addresses)).toContain("enable dynamic-cookie backend shop");
});
