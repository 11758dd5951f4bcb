import { hostFiles } from "./files";
import type { VolumeName } from "./guard-context";
import { fingerprint, type HostPlan, INSIDE, type Role } from "./plan";

/** What is special about one platform container; the rest they have in common (platform.ts). */
export interface PlatformContainer {
  /** Program and arguments, valid for the official image and for any other with the program on its path. */
  run?: string[];
  memoryMebibytes: number;
  /** Volumes by name; true: writable. Each is at /volumes/<name>. */
  volumes: Partial<Record<VolumeName, boolean>>;
  /** Ports inside, and on the machine. */
  ports: { inside: number; outside: number; address: string }[];
  /** Command of the health check, run in the container. */
  healthCheck: string[];
  /** Another container waits for it to be healthy. The rest of the start is awaited by readiness.ts. */
  awaited?: boolean;
  /** Hash of the files that are only read at the start: a change makes the container anew. */
  settings: string;
  stopSeconds: number;
  stopSignal?: string;
  env?: string[];
  /** Role that must be there before; every other one waits for the setup. */
  after?: Role;
}

/** The platform's containers by role. */
export function planPlatform(plan: HostPlan): Partial<Record<Role, PlatformContainer>> {
  const files = hostFiles(plan);
  const settings = (...folders: string[]) =>
    fingerprint(
      Object.entries(files)
        .filter(([path]) => folders.some((folder) => path.startsWith(folder)))
        .join("\n"),
    );
  const web = (port: number, path: string) => ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`];
  const loopback = (inside: number, outside: number) => [{ inside, outside, address: "127.0.0.1" }];
  const platform: Partial<Record<Role, PlatformContainer>> = {
    guard: {
      memoryMebibytes: 256,
      volumes: { state: true, gateway: true, sockets: true, targets: true },
      ports: [],
      healthCheck: web(INSIDE.guard, "/healthz"),
      // It writes the gateway's configuration.
      awaited: true,
      settings: settings("state/"),
      stopSeconds: 10,
    },
    gateway: {
      run: [
        "haproxy",
        "-W",
        "-db",
        "-S",
        "/volumes/sockets/master.sock,mode,660",
        "-f",
        "/volumes/gateway/haproxy.cfg",
      ],
      memoryMebibytes: 512,
      volumes: { gateway: false, sockets: true, certificates: false },
      ports: [
        { inside: INSIDE.http, outside: plan.ports.http, address: plan.bindAddress },
        ...(plan.ports.https === undefined
          ? []
          : [{ inside: INSIDE.https, outside: plan.ports.https, address: plan.bindAddress }]),
      ],
      healthCheck: web(INSIDE.gatewayMetrics, "/healthz"),
      // The guard writes what it reads, and reloads it.
      settings: "",
      stopSeconds: 35,
      // HAProxy ends its requests on SIGUSR1 and drops them on SIGTERM.
      stopSignal: "SIGUSR1",
      after: "guard",
    },
    prometheus: {
      run: [
        "prometheus",
        "--config.file=/volumes/prometheus/config/prometheus.yml",
        "--storage.tsdb.path=/volumes/prometheus/data",
        `--storage.tsdb.retention.time=${plan.retention}`,
        `--web.listen-address=:${INSIDE.prometheus}`,
      ],
      memoryMebibytes: 1024,
      volumes: { prometheus: true, targets: false },
      ports: loopback(INSIDE.prometheus, plan.ports.prometheus),
      healthCheck: web(INSIDE.prometheus, "/-/ready"),
      settings: settings("prometheus/"),
      stopSeconds: 30,
    },
    alertmanager: {
      run: [
        "alertmanager",
        "--config.file=/volumes/alertmanager/config/alertmanager.yml",
        "--storage.path=/volumes/alertmanager/data",
        `--web.listen-address=:${INSIDE.alertmanager}`,
        "--cluster.listen-address=",
      ],
      memoryMebibytes: 128,
      volumes: { alertmanager: true },
      ports: loopback(INSIDE.alertmanager, plan.ports.alertmanager),
      healthCheck: web(INSIDE.alertmanager, "/-/ready"),
      settings: settings("alertmanager/"),
      stopSeconds: 10,
    },
    registry: {
      run: ["registry", "serve", "/volumes/registry/config.yml"],
      memoryMebibytes: 256,
      volumes: { registry: true },
      ports: loopback(INSIDE.registry, plan.ports.registry),
      healthCheck: web(INSIDE.registry, "/"),
      settings: settings("registry/"),
      stopSeconds: 10,
      // Version 3 would send traces to an address nobody listens on.
      env: ["OTEL_TRACES_EXPORTER=none"],
    },
  };
  if (plan.ports.grafana !== undefined) {
    platform.grafana = {
      memoryMebibytes: 512,
      volumes: { grafana: true },
      ports: loopback(INSIDE.grafana, plan.ports.grafana),
      healthCheck: web(INSIDE.grafana, "/api/health"),
      settings: settings("grafana/"),
      stopSeconds: 10,
      env: [
        "GF_PATHS_DATA=/volumes/grafana/data",
        "GF_PATHS_PROVISIONING=/volumes/grafana/provisioning",
        "GF_AUTH_ANONYMOUS_ENABLED=true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer",
        "GF_ANALYTICS_REPORTING_ENABLED=false",
      ],
    };
  }
  return platform;
}
