import { expect, test } from "vitest";
import { renderGateway } from "./gateway-config";
import type { GuardSettings, ServiceRegistration } from "./protocol";
import { registrationSchema, serversSchema } from "./schemas";
import type { DesiredServer, DesiredService } from "./world";

const settings: GuardSettings = {
  port: 9400,
  prometheusUrl: "http://prometheus:9090",
  scrapeIntervalSeconds: 15,
  tickSeconds: 1,
  stateFolder: "/state",
  gatewayFolder: "/gateway",
  socketFolder: "/sockets",
  targetFolder: "/targets",
  gateway: { httpPort: 8080, statsPort: 8404, stopSeconds: 30 },
};
const registration: ServiceRegistration = {
  hosts: [],
  readinessPath: "/ready",
  probeIntervalSeconds: 2,
  probeTimeoutSeconds: 1,
  healthyAfter: 2,
  unhealthyAfter: 3,
  objectives: {},
};
const server: DesiredServer = { name: "r1-1", host: "shop-r1-1", port: 80, weight: 3, closed: false, candidate: false };
const service = (overrides: Partial<DesiredService> = {}): DesiredService => ({
  service: "shop",
  registration,
  servers: [server],
  ...overrides,
});

test("servers by name are resolved by Docker and may be missing, servers by address are not resolved", () => {
  const { text } = renderGateway(settings, [
    service({ servers: [server, { ...server, name: "r1-2", host: "10.0.0.1", closed: true }] }),
  ]);
  expect(text).toContain("nameserver embedded 127.0.0.11:53");
  expect(text).toContain(
    "  server r1-1 shop-r1-1:80 check inter 2000 rise 2 fall 3 pool-purge-delay 1000 weight 3 resolvers docker resolve-prefer ipv4 init-addr last,libc,none\n",
  );
  expect(text).toContain(
    "  server r1-2 10.0.0.1:80 check inter 2000 rise 2 fall 3 pool-purge-delay 1000 weight 3 disabled\n",
  );
});

test("only what needs a reload changes the mark", () => {
  const mark = (services: DesiredService[], other = settings) => renderGateway(other, services).mark;
  const before = mark([service()]);
  expect(mark([service({ servers: [] })])).toBe(before);
  expect(mark([service({ servers: [{ ...server, weight: 9, closed: true }] })])).toBe(before);
  expect(mark([service({ registration: { ...registration, hosts: ["shop.example"] } })])).not.toBe(before);
  expect(mark([service({ registration: { ...registration, stickyCookie: "COPY" } })])).not.toBe(before);
  expect(mark([service(), service({ service: "api", registration: { ...registration, hosts: ["api"] } })])).not.toBe(
    before,
  );
  expect(mark([service()], { ...settings, gateway: { ...settings.gateway, httpPort: 8081 } })).not.toBe(before);
  const two = [service(), service({ service: "api", registration: { ...registration, hosts: ["api"] } })];
  expect(mark([...two].reverse())).toBe(mark(two));
});

test("runs without root: no low port, no user, no chroot", () => {
  const https = { port: 8443, certificateFolder: "/certificates", redirectToPort: 443, certificatesVersion: "1" };
  const { text } = renderGateway({ ...settings, gateway: { ...settings.gateway, https } }, [service()]);
  expect(text).toContain("bind :8443 ssl crt /certificates/ alpn h2,http/1.1");
  expect(text).toContain("redirect code 308 location https://%[req.hdr(host),host_only]%[pathq]");
  expect(text).not.toMatch(/^\s*(user|group|chroot|uid|gid) /m);
});

test("nothing that a client of the API sends can add a word or a line to the configuration", () => {
  const words = ["a b", "a\nb", "a\tb", "a#b", 'a"b', "a'b", "a\\b", "a{b", "a\u2028b", ""];
  for (const word of words) {
    const bad: Record<string, unknown>[] = [
      { readinessPath: `/${word === "" ? " " : word}` },
      { hosts: [word] },
      { stickyCookie: word },
      { metrics: { path: "/metrics", port: 80, durationHistogram: word } },
    ];
    for (const part of bad) expect(registrationSchema.safeParse({ ...registration, ...part }).success).toBe(false);
    for (const part of [{ name: word }, { host: word }]) {
      expect(serversSchema.safeParse({ servers: [{ name: "a", host: "b", port: 1, ...part }] }).success).toBe(false);
    }
  }
  expect(registrationSchema.safeParse(registration).success).toBe(true);
});
