import { createHash } from "node:crypto";
import { parseDuration } from "../../model/duration";
import { refuse } from "../../model/errors";
import { checkName } from "../../model/names";
import { describeValue, type Problem } from "../../model/problem";
import { hostPrefix } from "../names";
import type { DockerHostArgs } from "./args";
import { DEFAULT_IMAGES } from "./default-images";

/** Ports inside the host's network; all above 1024, since nothing runs as root. */
export const INSIDE = {
  http: 8080,
  https: 8443,
  gatewayMetrics: 8404,
  guard: 9400,
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
  registry: 5000,
} as const;

/** One role on a host that runs a container. */
export type Role = "guard" | "gateway" | "prometheus" | "alertmanager" | "registry" | "grafana";

/** A host with all defaults filled in: what the constructor creates. */
export interface HostPlan {
  engine: string;
  prefix: string;
  stackLabel: string;
  bindAddress: string;
  images: {
    node: string;
    gateway: string;
    prometheus: string;
    alertmanager: string;
    registry: string;
    grafana?: string;
  };
  ports: { http: number; https?: number; prometheus: number; alertmanager: number; grafana?: number; registry: number };
  url: string;
  /** Certificates by name, leaf first; absent: plain HTTP. */
  certificates: string[];
  scrapeIntervalSeconds: number;
  retention: string;
  slack?: { channel?: string };
  email?: { to: string; from: string; smarthost: string; username?: string; hasPassword: boolean };
}

const DEFAULT_PORTS = { http: 8080, https: 8443, prometheus: 9090, alertmanager: 9093, grafana: 3000, registry: 5000 };
const KNOWN = {
  "": ["engine", "bindAddress", "ports", "https", "images", "alerts", "scrapeInterval", "retention"],
  ports: Object.keys(DEFAULT_PORTS),
  images: ["node", "gateway", "prometheus", "alertmanager", "registry", "grafana"],
  https: ["certificates"],
  alerts: ["slack", "email"],
} as const;

/** Fills in the defaults and checks everything a host is told. Throws ArgumentError with every problem. */
export function planHost(name: string, args: DockerHostArgs, context: { project: string; stack: string }): HostPlan {
  const problems: Problem[] = [...checkName(name)];
  const add = (path: string, problem: string, got: unknown, fix: string) =>
    problems.push({ path, problem, got: describeValue(got), fix });
  for (const [path, keys] of Object.entries(KNOWN)) {
    const value = path === "" ? args : args[path as "ports" | "images" | "https" | "alerts"];
    for (const key of Object.keys(value ?? {}).filter(
      (candidate) => !(keys as readonly string[]).includes(candidate),
    )) {
      add(path === "" ? key : `${path}.${key}`, "is not known", key, `Known here: ${keys.join(", ")}`);
    }
  }
  const engine = args.engine ?? "";
  if (engine !== "" && !/^(unix:\/\/\/|ssh:\/\/[^/]|tcp:\/\/[^/]|https?:\/\/[^/])/.test(engine)) {
    add(
      "engine",
      "is no address of a Docker Engine",
      engine,
      'Write "unix:///…", "ssh://user@machine" or "tcp://machine:2376"',
    );
  }
  const ports = { ...DEFAULT_PORTS, ...args.ports };
  const used = new Map<number, string>();
  for (const [role, port] of Object.entries(ports)) {
    const opened =
      role === "https" ? args.https !== undefined : role !== "grafana" || args.images?.grafana !== undefined;
    if (!opened) continue;
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      add(`ports.${role}`, "is no port", port, "Choose a whole number from 1 to 65535");
    }
    const other = used.get(port);
    if (other !== undefined) add(`ports.${role}`, `is the port of ports.${other} already`, port, "Give each its own");
    used.set(port, role);
  }
  const bindAddress = args.bindAddress ?? "127.0.0.1";
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(bindAddress)) {
    add("bindAddress", "is no IPv4 address", bindAddress, 'Write "127.0.0.1" or "0.0.0.0"');
  }
  const certificates = (args.https?.certificates ?? []).map((certificate) => certificate.name);
  if (args.https !== undefined && certificates.length === 0) {
    add("https.certificates", "is empty", "[]", "Give at least one certificate, or leave https out");
  }
  for (const [index, file] of certificates.entries()) {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(file) || certificates.indexOf(file) !== index) {
      add(
        `https.certificates[${index}].name`,
        "is no unique file name",
        file,
        "Use lower-case letters, digits and dashes",
      );
    }
  }
  const scrapeIntervalSeconds = seconds(args.scrapeInterval ?? "15s", "scrapeInterval", add);
  const retention = args.retention ?? "15d";
  if (!/^\d+(ms|s|m|h|d|w|y)$/.test(retention)) {
    add("retention", "is no duration of Prometheus", retention, 'Write a number with a unit, such as "15d"');
  }
  refuse("DockerHost", name, problems);

  const https = certificates.length > 0 ? ports.https : undefined;
  const grafana = args.images?.grafana;
  const email = args.alerts?.email;
  return {
    engine,
    prefix: hostPrefix(context.project, context.stack, name),
    stackLabel: `${context.project}/${context.stack}`,
    bindAddress,
    images: { ...DEFAULT_IMAGES, ...args.images },
    ports: {
      http: ports.http,
      ...(https === undefined ? {} : { https }),
      prometheus: ports.prometheus,
      alertmanager: ports.alertmanager,
      ...(grafana === undefined ? {} : { grafana: ports.grafana }),
      registry: ports.registry,
    },
    url: url(bindAddress, https === undefined ? { http: ports.http } : { https }),
    certificates,
    scrapeIntervalSeconds,
    retention,
    ...(args.alerts?.slack === undefined
      ? {}
      : { slack: args.alerts.slack.channel === undefined ? {} : { channel: args.alerts.slack.channel } }),
    ...(email === undefined
      ? {}
      : {
          email: {
            to: email.to,
            from: email.from,
            smarthost: email.smarthost,
            ...(email.username === undefined ? {} : { username: email.username }),
            hasPassword: email.password !== undefined,
          },
        }),
  };
}

/** Short hash of settings that a container only reads at its start, so that a change makes it anew. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function url(bindAddress: string, port: { http: number } | { https: number }): string {
  const host = bindAddress === "0.0.0.0" ? "127.0.0.1" : bindAddress;
  return "https" in port ? `https://${host}:${port.https}` : `http://${host}:${port.http}`;
}

function seconds(
  text: string,
  path: string,
  add: (path: string, problem: string, got: unknown, fix: string) => void,
): number {
  try {
    const value = parseDuration(text);
    if (value >= 1) return value;
  } catch {
    // Reported below with the same words.
  }
  add(path, "is no time of at least a second", text, 'Write a number with a unit, such as "15s"');
  return 15;
}
