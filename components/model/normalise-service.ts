import { parseCpu } from "./cpu";
import { defaults } from "./defaults";
import { parseDuration } from "./duration";
import { parseMemory } from "./memory";
import type { HttpProbe, Service } from "./service";

/** A probe with every default filled in. */
export interface PlainProbe {
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyAfter: number;
  unhealthyAfter: number;
}

/** The parts of a service that have units or defaults, in plain numbers. */
export interface PlainService {
  /** Copies to start with: the fixed number, or the autoscaler's smallest. */
  copies: number;
  autoscaler?: { min: number; max: number; targetCpuPercent: number };
  cpuCores: number;
  memoryBytes: number;
  readiness: PlainProbe;
  liveness?: PlainProbe;
  startup?: PlainProbe;
  startTimeoutSeconds: number;
  stopDelaySeconds: number;
  /** Folder and size of each volume, as they are written. */
  volumes: [path: string, size: string][];
  stopTimeoutSeconds: number;
  metrics?: { path: string; port: number; durationHistogram: string };
}

/** Fills in the defaults of a service that checkService has no problem with. */
export function normaliseService(service: Service): PlainService {
  const { replicas = {}, resources = {}, health, metrics } = service;
  const { count, min, max, targetCpuPercent = defaults.replicas.targetCpuPercent } = replicas;
  return {
    copies: count ?? min ?? defaults.replicas.count,
    ...(min !== undefined && max !== undefined && { autoscaler: { min, max, targetCpuPercent } }),
    cpuCores: parseCpu(resources.cpu ?? defaults.resources.cpu),
    memoryBytes: parseMemory(resources.memory ?? defaults.resources.memory),
    readiness: normaliseProbe(health.readiness),
    ...(health.liveness && { liveness: normaliseProbe(health.liveness) }),
    ...(health.startup && { startup: normaliseProbe(health.startup) }),
    stopDelaySeconds: parseDuration(service.stopDelay ?? defaults.stopDelay),
    volumes: Object.values(service.volumes ?? {}).map(({ path, size = defaults.volumeSize }) => [path, size]),
    startTimeoutSeconds: parseDuration(health.startTimeout ?? defaults.startTimeout),
    stopTimeoutSeconds: parseDuration(service.stopTimeout ?? defaults.stopTimeout),
    ...(metrics && {
      metrics: {
        path: metrics.path ?? defaults.metrics.path,
        port: metrics.port ?? service.port,
        durationHistogram: metrics.durationHistogram ?? defaults.metrics.durationHistogram,
      },
    }),
  };
}

function normaliseProbe(probe: HttpProbe): PlainProbe {
  return {
    path: probe.path,
    intervalSeconds: parseDuration(probe.interval ?? defaults.probe.interval),
    timeoutSeconds: parseDuration(probe.timeout ?? defaults.probe.timeout),
    healthyAfter: probe.healthyAfter ?? defaults.probe.healthyAfter,
    unhealthyAfter: probe.unhealthyAfter ?? defaults.probe.unhealthyAfter,
  };
}
