import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration";
import { createOptions } from "./options";
import { containerProblems } from "./rules";
import { startFailure } from "./start";

describe("durations", () => {
  it("are read back as written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 360_000_000 }), (millis) => {
        expect(parseDuration(formatDuration(millis * 1e6))).toBe(millis * 1e6);
      }),
    );
  });

  it.each([
    ["10s", 1e10],
    ["1m30s", 9e10],
    ["1.5h", 5400e9],
    ["250ms", 25e7],
    ["0", 0],
  ])("%s", (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos);
  });

  it.each(["10", "s", "10 s", "-5s", "1d", ""])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("create options", () => {
  const args = { name: "n", image: "i" };

  it("count sizes in MiB and CPUs in billionths", () => {
    expect(createOptions({ ...args, memory: 64, memorySwap: -1, shmSize: 1, cpus: "0.5" }).HostConfig).toMatchObject({
      Memory: 64 * 1048576,
      MemorySwap: -1,
      ShmSize: 1048576,
      NanoCpus: 5e8,
    });
    expect(() => createOptions({ ...args, cpus: "many" })).toThrow("cpus must be a number above 0 (got many)");
  });

  it("publish one port at several addresses", () => {
    const ports = [
      { internal: 80, external: 8080, ip: "127.0.0.1" },
      { internal: 80, external: 8081 },
      { internal: 53, protocol: "udp" },
    ];
    const { ExposedPorts, HostConfig } = createOptions({ ...args, ports });
    expect(ExposedPorts).toEqual({ "80/tcp": {}, "53/udp": {} });
    expect(HostConfig?.PortBindings).toEqual({
      "80/tcp": [
        { HostIp: "127.0.0.1", HostPort: "8080" },
        { HostIp: "0.0.0.0", HostPort: "8081" },
      ],
      "53/udp": [{ HostIp: "0.0.0.0", HostPort: "" }],
    });
  });

  it("tell volumes, binds and anonymous volumes apart", () => {
    const { Volumes, HostConfig } = createOptions({
      ...args,
      volumes: [
        { volumeName: "v", containerPath: "/v" },
        { hostPath: "/h", containerPath: "/h", readOnly: true },
        { containerPath: "/anonymous" },
        { fromContainer: "other" },
      ],
    });
    expect(HostConfig?.Binds).toEqual(["v:/v:rw", "/h:/h:ro"]);
    expect(Volumes).toEqual({ "/anonymous": {} });
    expect(HostConfig?.VolumesFrom).toEqual(["other"]);
  });

  it("open the system's paths on demand", () => {
    const { HostConfig } = createOptions({ ...args, securityOpts: ["systempaths=unconfined", "no-new-privileges"] });
    expect(HostConfig).toMatchObject({ SecurityOpt: ["no-new-privileges"], MaskedPaths: [], ReadonlyPaths: [] });
  });
});

describe("rules", () => {
  it.each([
    [{ ports: [{ internal: 0 }] }, "ports[0].internal must be a port from 1 to 65535 (got 0)"],
    [{ ports: [{ internal: 80, external: -1 }] }, "ports[0].external must be a port from 0 to 65535 (got -1)"],
    [{ restart: "sometimes" }, "restart must be one of no, on-failure, always, unless-stopped (got sometimes)"],
    [{ mounts: [{ type: "nfs" }] }, "mounts[0].type must be one of bind, volume, tmpfs (got nfs)"],
    [{ healthcheck: { interval: "10" } }, "healthcheck.interval must be a duration such as 10s or 1m30s (got 10)"],
    [{ command: ["a", ""] }, "command[1] must not be empty"],
    [
      { uploads: [{ file: "/a", content: "x", permissions: "644" }] },
      "uploads[0].permissions must look like 0644 (got 644)",
    ],
  ])("%j", (inputs, message) => {
    expect(containerProblems(inputs).map(({ path, reason }) => `${path} ${reason}`)).toEqual([message]);
  });
});

describe("a failed start, in the Docker Engine's words", () => {
  const args = { name: "n", image: "img", command: ["/serve"] };
  it.each([
    [
      "driver failed programming external connectivity on endpoint n (ab): Bind for 127.0.0.1:8080 failed: port is already allocated",
      "port 127.0.0.1:8080 is already taken",
    ],
    [
      "driver failed programming external connectivity on endpoint n (ab): Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
      "port 0.0.0.0:80 is already taken",
    ],
    [
      'OCI runtime create failed: exec: "/serve": stat /serve: no such file or directory: unknown',
      "its command /serve does not exist in image img",
    ],
    ["network lost not found", "its network lost does not exist"],
    ["something else", "it could not be started (something else)"],
  ])("%s", (reason, message) => {
    expect(startFailure(reason, args)).toContain(message);
  });
});
