import { expect, test } from "vitest";
import type { DockerHostArgs } from "./args";
import { DEFAULT_IMAGES } from "./default-images";
import { hostFiles } from "./files";
import { planHost } from "./plan";
import { planPlatform } from "./platform-plan";

const context = { project: "shop", stack: "dev" };
const plan = (args: DockerHostArgs = {}) => planHost("edge", args, context);

test("A host without arguments has official images by digest and every port on the loopback", () => {
  const host = plan();
  expect(host).toMatchObject({ prefix: "shop-dev-edge", bindAddress: "127.0.0.1", url: "http://127.0.0.1:8080" });
  expect(host.images).toEqual(DEFAULT_IMAGES);
  for (const image of Object.values(host.images)) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  for (const spec of Object.values(planPlatform(host))) {
    for (const { address } of spec.ports) expect(address).toBe("127.0.0.1");
  }
});

test("Only the gateway's ports follow the bind address", () => {
  const platform = planPlatform(plan({ bindAddress: "0.0.0.0" }));
  expect(platform.gateway?.ports.map(({ address }) => address)).toEqual(["0.0.0.0"]);
  expect(platform.prometheus?.ports.map(({ address }) => address)).toEqual(["127.0.0.1"]);
  expect(platform.registry?.ports.map(({ address }) => address)).toEqual(["127.0.0.1"]);
});

test("Grafana is there only with its image", () => {
  expect(planPlatform(plan()).grafana).toBeUndefined();
  expect(planPlatform(plan({ images: { grafana: "g@sha256:1" } })).grafana?.ports[0]?.outside).toBe(3000);
});

test("HTTPS opens its port and the url follows", () => {
  const host = plan({ https: { certificates: [{ name: "site", certificate: "c", privateKey: "k" }] } });
  expect(host.url).toBe("https://127.0.0.1:8443");
  expect(planPlatform(host).gateway?.ports.map(({ outside }) => outside)).toEqual([8080, 8443]);
  expect(hostFiles(host)["state/settings.json"]).toContain('"redirectToPort": 8443');
});

test("No secret is in the configuration files", () => {
  const files = JSON.stringify(
    hostFiles(
      plan({
        alerts: {
          slack: { webhookUrl: "plaintext-webhook", channel: "#ops" },
          email: { to: "a@b", from: "c@d", smarthost: "m:25", username: "u", password: "plaintext-password" },
        },
      }),
    ),
  );
  expect(files).toContain("#ops");
  expect(files).toContain("slack-webhook");
  expect(files).toContain("email-password");
  expect(files).not.toContain("plaintext");
});

test("A change of what a container reads at its start makes that container anew, and no other", () => {
  const before = planPlatform(plan());
  const after = planPlatform(plan({ scrapeInterval: "5s" }));
  const changed = Object.keys(before).filter((role) => {
    const key = role as keyof typeof before;
    return before[key]?.settings !== after[key]?.settings;
  });
  expect(changed.sort()).toEqual(["guard", "prometheus"]);
});

const bad: [name: string, args: object, message: string][] = [
  ["an unknown key", { port: 1 }, 'port is not known (got "port")'],
  ["an unknown port", { ports: { web: 1 } }, 'ports.web is not known (got "web")'],
  ["port 0", { ports: { http: 0 } }, "ports.http is no port (got 0)"],
  ["port 70000", { ports: { registry: 70000 } }, "ports.registry is no port (got 70000)"],
  ["one port twice", { ports: { http: 9090 } }, "is the port of ports.http already (got 9090)"],
  ["an address of no engine", { engine: "localhost" }, 'engine is no address of a Docker Engine (got "localhost")'],
  ["an interval without unit", { scrapeInterval: "15" }, 'scrapeInterval is no time of at least a second (got "15")'],
  [
    "an interval below a second",
    { scrapeInterval: "100ms" },
    'scrapeInterval is no time of at least a second (got "100ms")',
  ],
  ["https without certificates", { https: { certificates: [] } }, "https.certificates is empty"],
  ["a bind address that is none", { bindAddress: "everywhere" }, 'bindAddress is no IPv4 address (got "everywhere")'],
];
test.each(bad)("%s is refused", (_name, args, message) => {
  expect(() => plan(args as DockerHostArgs)).toThrow(message);
  expect(() => plan(args as DockerHostArgs)).toThrow(/^DockerHost "edge": /);
});

test("A name with a space is refused, and several problems come together", () => {
  expect(() => planHost("my host", { engine: "x", ports: { http: 0 } }, context)).toThrow(
    /^DockerHost "my host": 3 problems\n {2}name must be .*\n {2}engine .*\n {2}ports.http /,
  );
});
