import { isObject } from "../../components/model/anything";
import { type Resource, UNKNOWN } from "../../policy";
import { InputError } from "./files";
import type { Input } from "./input";
import { COMPOSE, readYaml } from "./yaml";

type Json = Record<string, unknown>;
const TYPE = "docker:index/container:Container";

/** Where a property of a container stands in a service of Compose. */
const PLACES: readonly (readonly [property: string, keys: string])[] = [
  ["image", "image"],
  ["privileged", "privileged"],
  ["networkMode", "network_mode"],
  ["pidMode", "pid"],
  ["ipcMode", "ipc"],
  ["usernsMode", "userns_mode"],
  ["readOnly", "read_only"],
  ["user", "user"],
  ["restart", "restart"],
  ["maxRetryCount", "restart"],
  ["securityOpts", "security_opt"],
  ["capabilities.adds", "cap_add"],
  ["capabilities.drops", "cap_drop"],
  ["healthcheck", "healthcheck"],
  ["memory", "deploy.resources.limits.memory"],
  ["volumes", "volumes"],
  ["ports", "ports"],
  ["envs", "environment"],
];

/** Services of Compose as containers of the Docker provider, so that the same rules judge them. */
export function readCompose(files: readonly string[]): Input {
  const places = new Map<object, (path: string) => { line: number; column: number }>();
  const resources = files.flatMap((file) => {
    const [document, ...others] = readYaml(file, COMPOSE);
    const services = isObject(document?.value) ? (document.value as Json)["services"] : undefined;
    if (document === undefined || others.length > 0 || !isObject(services)) {
      throw new InputError(`${file}: is no Compose file: one document with services.`);
    }
    return Object.entries(services).map(([name, service]: [string, unknown]): Resource => {
      if (!isObject(service)) throw new InputError(`${file}: the service ${JSON.stringify(name)} is no map.`);
      const before = ["services", name];
      const { line } = document.place("", before);
      const resource = { type: TYPE, name, properties: containerOf(known(service) as Json), file, line };
      places.set(resource, (path) => document.place(inCompose(path), before));
      return resource;
    });
  });
  return { resources, notJudged: [], place: (resource, path) => places.get(resource)?.(path) };
}

/** A path of the container as the file has it. */
function inCompose(path: string): string {
  const found = PLACES.find(([property]) => `${path}.`.startsWith(`${property}.`) || path.startsWith(`${property}[`));
  if (found === undefined) return "";
  const [property, keys] = found;
  return `${keys}${/^\[\d+\]/.exec(path.slice(property.length))?.[0] ?? ""}`;
}

/** A service whose variables, which only the shell of `docker compose` knows, are not known. */
function known(value: unknown): unknown {
  if (typeof value === "string")
    return /(?<!\$)(?:\$\$)*\$[A-Za-z_{]/.test(value) ? UNKNOWN : value.replaceAll("$$", "$");
  if (Array.isArray(value)) return value.map(known);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, known(each)]));
}

/** Properties of @pulumi/docker's Container. Fields that no rule reads are left out. */
function containerOf(service: Json): Json {
  const limit = ["deploy", "resources", "limits", "memory"].reduce(step, service as unknown) ?? service["mem_limit"];
  const retries = /^on-failure:(\d+)$/.exec(String(service["restart"]))?.[1];
  return {
    image: service["image"],
    privileged: service["privileged"],
    networkMode: service["network_mode"],
    pidMode: service["pid"],
    ipcMode: service["ipc"],
    usernsMode: service["userns_mode"],
    readOnly: service["read_only"],
    user: service["user"],
    restart: retries === undefined ? service["restart"] : "on-failure",
    ...(retries !== undefined && { maxRetryCount: Number(retries) }),
    securityOpts: service["security_opt"],
    capabilities: { adds: service["cap_add"], drops: service["cap_drop"] },
    ...(limit !== undefined && { memory: mebibytes(limit) }),
    healthcheck: healthcheckOf(service["healthcheck"]),
    volumes: each(service["volumes"], mountOf),
    ports: each(service["ports"], portOf),
    envs: environmentOf(service["environment"]),
  };
}

/** The elements of a list, each in the provider's form; what is not known stays so. */
const each = (list: unknown, form: (item: unknown) => Json): unknown =>
  Array.isArray(list) ? list.map((item) => (item === UNKNOWN ? item : form(item))) : list;
const step = (value: unknown, key: string): unknown => (isObject(value) ? (value as Json)[key] : undefined);

function healthcheckOf(healthcheck: unknown): Json | undefined {
  if (!isObject(healthcheck)) return undefined;
  const { test, disable } = healthcheck as Json;
  if (disable === true) return { tests: ["NONE"] };
  return { tests: typeof test === "string" ? ["CMD-SHELL", test] : test };
}

/** `./data:/data:ro`, or its long form. A source that is no path is a volume's name. */
function mountOf(mount: unknown): Json {
  if (isObject(mount)) {
    const { type, source, target, read_only: readOnly } = mount as Json;
    return { ...(type === "bind" ? { hostPath: source } : { volumeName: source }), containerPath: target, readOnly };
  }
  const [source = "", target, mode = ""] = String(mount).split(":");
  if (target === undefined) return { containerPath: source };
  const isPath = /^[./~]/.test(source);
  const options = mode.split(",");
  return {
    ...(isPath ? { hostPath: source } : { volumeName: source }),
    containerPath: target,
    readOnly: options.includes("ro"),
  };
}

/** `127.0.0.1:8080:80/tcp`, or its long form. Without an address a port is published on all of them. */
function portOf(port: unknown): Json {
  if (isObject(port)) {
    const { target, published, host_ip: ip = "0.0.0.0", protocol } = port as Json;
    return { internal: target, external: published, ip, protocol };
  }
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(?:([^:]*):)?([^:/]+)(?:\/(\w+))?$/.exec(String(port));
  const [, first, second, internal, protocol] = match ?? [];
  const hasAddress = second !== undefined;
  return {
    internal: Number(internal),
    external: Number(hasAddress ? second : first),
    ip: hasAddress ? first?.replace(/^\[|\]$/g, "") : "0.0.0.0",
    protocol,
  };
}

function environmentOf(environment: unknown): unknown {
  if (!isObject(environment)) return environment;
  return Object.entries(environment).flatMap(([name, value]: [string, unknown]) =>
    value === null ? [] : [value === UNKNOWN ? value : `${name}=${String(value)}`],
  );
}

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** The provider counts in MiB. */
function mebibytes(memory: unknown): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(String(memory));
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ""];
  return match === null || unit === undefined ? memory : Math.ceil((Number(match[1]) * unit) / 2 ** 20);
}
