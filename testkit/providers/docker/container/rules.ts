import type { Problem } from "../../shared/shape";
import { hasUnknown, isRecord, type Properties } from "../../shared/wire";
import { parseDuration } from "./duration";

const RESTARTS = ["no", "on-failure", "always", "unless-stopped"];
const MOUNT_TYPES = ["bind", "volume", "tmpfs"];
const MAX_PORT = 65_535;

/** Rules on the values of a container's inputs, checked before anything exists. */
export function containerProblems(inputs: Properties): Problem[] {
  return [
    ...ports(items(inputs.ports)),
    ...uploads(items(inputs.uploads)),
    ...oneOf("restart", inputs.restart, RESTARTS),
    ...items(inputs.mounts).flatMap(([mount, path]) => oneOf(`${path("mounts")}.type`, mount.type, MOUNT_TYPES)),
    ...durations(inputs.healthcheck),
    ...emptyArguments(inputs.command),
  ];
}

type Item = [Properties, (property: string) => string];

function items(value: unknown): Item[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index): Item[] => (isRecord(item) ? [[item, (name) => `${name}[${index}]`]] : []));
}

function ports(list: Item[]): Problem[] {
  return list.flatMap(([port, path]) =>
    ["internal", "external"].flatMap((key) => {
      const value = port[key];
      // Port 0 outside means: the engine chooses.
      const least = key === "internal" ? 1 : 0;
      if (typeof value !== "number" || (Number.isInteger(value) && value >= least && value <= MAX_PORT)) return [];
      return [
        { path: `${path("ports")}.${key}`, reason: `must be a port from ${least} to ${MAX_PORT} (got ${value})` },
      ];
    }),
  );
}

function uploads(list: Item[]): Problem[] {
  return list.flatMap(([upload, path]) => {
    const at = path("uploads");
    const given = ["content", "contentBase64", "source"].filter(
      (key) => upload[key] !== undefined && upload[key] !== "",
    );
    const found: Problem[] = [];
    if (given.length !== 1) found.push({ path: at, reason: "needs exactly one of content, contentBase64 and source" });
    if (
      typeof upload.permissions === "string" &&
      !hasUnknown(upload.permissions) &&
      !/^0[0-7]{3}$/.test(upload.permissions)
    ) {
      found.push({ path: `${at}.permissions`, reason: `must look like 0644 (got ${upload.permissions})` });
    }
    if (typeof upload.file === "string" && !hasUnknown(upload.file) && !upload.file.startsWith("/")) {
      found.push({ path: `${at}.file`, reason: `must be an absolute path (got ${upload.file})` });
    }
    return found;
  });
}

function oneOf(path: string, value: unknown, allowed: string[]): Problem[] {
  if (typeof value !== "string" || hasUnknown(value) || allowed.includes(value)) return [];
  return [{ path, reason: `must be one of ${allowed.join(", ")} (got ${value})` }];
}

function durations(healthcheck: unknown): Problem[] {
  if (!isRecord(healthcheck)) return [];
  return ["interval", "timeout", "startPeriod", "startInterval"].flatMap((key) => {
    const value = healthcheck[key];
    if (typeof value !== "string" || hasUnknown(value) || parseDuration(value) !== undefined) return [];
    return [{ path: `healthcheck.${key}`, reason: `must be a duration such as 10s or 1m30s (got ${value})` }];
  });
}

function emptyArguments(command: unknown): Problem[] {
  if (!Array.isArray(command) || !command.includes("")) return [];
  return [{ path: `command[${command.indexOf("")}]`, reason: "must not be empty" }];
}
