import { flag, type Infer, list, map, number, object, type Shape, set, text } from "../../shared/shape";
import { labels } from "../labels";
import type { Field, OnChange } from "../resource";

const healthcheck = object({
  tests: list(text),
  interval: text,
  timeout: text,
  startPeriod: text,
  startInterval: text,
  retries: number,
});
const mount = object(
  {
    target: text,
    source: text,
    type: text,
    readOnly: flag,
    bindOptions: object({ propagation: text }),
    tmpfsOptions: object({ sizeBytes: number, mode: number }),
    volumeOptions: object({ noCopy: flag, labels, driverName: text, driverOptions: map }),
  },
  ["target", "type"],
);
const endpoint = object({ name: text, aliases: set(text), ipv4Address: text, ipv6Address: text }, ["name"]);
const port = object({ internal: number, external: number, ip: text, protocol: text }, ["internal"]);
const upload = object(
  {
    file: text,
    content: text,
    contentBase64: text,
    source: text,
    sourceHash: text,
    executable: flag,
    permissions: text,
  },
  ["file"],
);
const volume = object({
  volumeName: text,
  hostPath: text,
  containerPath: text,
  fromContainer: text,
  readOnly: flag,
});

const shapes = {
  name: text,
  image: text,
  command: list(text),
  entrypoints: list(text),
  envs: set(text),
  labels,
  user: text,
  hostname: text,
  domainname: text,
  workingDir: text,
  stopSignal: text,
  stopTimeout: number,
  tty: flag,
  stdinOpen: flag,
  init: flag,
  privileged: flag,
  readOnly: flag,
  rm: flag,
  start: flag,
  mustRun: flag,
  wait: flag,
  waitTimeout: number,
  restart: text,
  maxRetryCount: number,
  destroyGraceSeconds: number,
  removeVolumes: flag,
  healthcheck,
  ports: list(port),
  publishAllPorts: flag,
  networkMode: text,
  networksAdvanced: set(endpoint),
  hosts: set(object({ host: text, ip: text }, ["host", "ip"])),
  dns: set(text),
  dnsOpts: set(text),
  dnsSearches: set(text),
  mounts: set(mount),
  volumes: set(volume),
  tmpfs: map,
  uploads: set(upload),
  capabilities: object({ adds: set(text), drops: set(text) }),
  securityOpts: set(text),
  groupAdds: set(text),
  usernsMode: text,
  pidMode: text,
  ipcMode: text,
  cgroupParent: text,
  cgroupnsMode: text,
  sysctls: map,
  ulimits: set(object({ name: text, soft: number, hard: number }, ["name", "soft", "hard"])),
  memory: number,
  memoryReservation: number,
  memorySwap: number,
  shmSize: number,
  cpus: text,
  cpuShares: number,
  cpuSet: text,
  cpuPeriod: number,
  cpuQuota: number,
  logDriver: text,
  logOpts: map,
  runtime: text,
  storageOpts: map,
  containerReadRefreshTimeoutMilliseconds: number,
} as const satisfies Record<string, Shape>;

export const required = ["image"] as const;
export const containerShape = object(shapes, ["image", "name"]);
export type ContainerInputs = Infer<typeof containerShape>;

/** Settings the Docker Engine changes on a living container. */
export const LIVE = ["restart", "maxRetryCount", "memory", "memoryReservation", "memorySwap", "cpuShares", "cpuSet"];

/** Settings that only say how the provider handles the container. */
const HANDLING = [
  "rm",
  "start",
  "mustRun",
  "wait",
  "waitTimeout",
  "destroyGraceSeconds",
  "removeVolumes",
  "containerReadRefreshTimeoutMilliseconds",
  // The official plugin records a change of these and leaves the container as it is.
  "healthcheck",
  "tmpfs",
  "init",
  "cpuPeriod",
  "cpuQuota",
];

const defaults: Partial<Record<keyof typeof shapes, unknown>> = {
  rm: false,
  start: true,
  mustRun: true,
  wait: false,
  waitTimeout: 60,
  restart: "no",
  removeVolumes: true,
  readOnly: false,
  networkMode: "bridge",
  tty: false,
  stdinOpen: false,
  containerReadRefreshTimeoutMilliseconds: 15_000,
};

export const fields: Record<string, Field> = Object.fromEntries(
  Object.entries(shapes).map(([key, shape]): [string, Field] => {
    const on: OnChange = LIVE.includes(key) || HANDLING.includes(key) ? "update" : "replace";
    const fallback = defaults[key as keyof typeof shapes];
    return [key, { shape, on, ...(fallback !== undefined && { default: fallback }) }];
  }),
);
