import type { ReleasePlan } from "../../release/plan";
import type { ReleaseEvent, ReleaseProgress } from "../../release/progress";

/** Shapes spoken between a Release (the client) and the guard over its HTTP API, and kept in the guard's journal. */

/** How the gateway serves one service. PUT /v1/services/{service}. */
export interface ServiceRegistration {
  /** Host names that reach this service; empty: it takes every request no other service claims. */
  hosts: string[];
  /** Header-free path prefix is not supported: one service owns a host. */
  readinessPath: string;
  probeIntervalSeconds: number;
  probeTimeoutSeconds: number;
  healthyAfter: number;
  unhealthyAfter: number;
  /** Name of the cookie that keeps a client on one copy; absent: none. */
  stickyCookie?: string;
  /** Where Prometheus finds the service's own metrics; absent: nowhere. */
  metrics?: { path: string; port: number; durationHistogram: string };
  objectives: { availability?: number; latency?: { withinSeconds: number; ratio: number } };
}

/** One container of a version as the gateway reaches it. */
export interface ServerAddress {
  /** Server name in the gateway, unique per revision and copy: "r12-1". */
  name: string;
  /** Container name on the host's network. */
  host: string;
  port: number;
}

/** A version that has, had or may get traffic. */
export interface Version {
  revision: number;
  /** Identity of what runs: hash of digest, container settings and secrets' fingerprint. */
  key: string;
  /** "sha256:…" */
  digest: string;
  servers: ServerAddress[];
}

/** POST /v1/services/{service}/releases */
export interface BeginRelease {
  key: string;
  digest: string;
  plan: ReleasePlan;
  /** Nonce that allows a digest which was taken back to be tried again. */
  retry: number;
  /** Who asks, for messages to others: "alice@laptop pid 4711". */
  client: string;
}

/** Answer to BeginRelease. */
export type BeginAnswer =
  /** Go: start containers named after this revision, then PUT their addresses. */
  | { outcome: "begun"; revision: number }
  /** This very release is under way already (its client went away): follow it. */
  | { outcome: "joined"; revision: number }
  /** This version has all traffic already. */
  | { outcome: "current"; revision: number }
  /** Another release is under way. */
  | { outcome: "busy"; release: ReleaseState }
  /** This version was taken back and `retry` has not changed. */
  | { outcome: "refused"; release: ReleaseState };

/** A release as the guard knows it. GET /v1/services/{service}/releases/{revision}?after=N&waitSeconds=S */
export interface ReleaseState extends ReleaseProgress {
  candidate: Version;
  previous?: Version;
  plan: ReleasePlan;
  retry: number;
  client: string;
  /** Seconds until the release should be over when all goes well. */
  secondsLeft: number;
  events: ReleaseEvent[];
}

/** GET /v1/services/{service} */
export interface ServiceState {
  service: string;
  registration: ServiceRegistration;
  stable?: Version;
  /** The release under way, or the last one. */
  release?: ReleaseState;
  /** Number of the next revision. */
  nextRevision: number;
}

/** The guard's own settings, a JSON file beside it. Times in seconds. */
export interface GuardSettings {
  /** Port of the API, metrics and health inside the host's network. */
  port: number;
  /** Address of metrics and health; the API itself answers loopback only. Absent: every address. */
  address?: string;
  prometheusUrl: string;
  scrapeIntervalSeconds: number;
  /** Time between two looks. */
  tickSeconds: number;
  /** Folder of the journal and of the token. */
  stateFolder: string;
  /** Folder of haproxy.cfg and the host map, shared with the gateway. */
  gatewayFolder: string;
  /** Folder of the gateway's sockets: runtime.sock and master.sock. */
  socketFolder: string;
  /** Folder of the scrape targets, shared with Prometheus. */
  targetFolder: string;
  gateway: {
    /** Address the gateway listens on. Absent: every address. */
    address?: string;
    httpPort: number;
    /** Present with certificates: every certificate in the folder is served, plain HTTP is redirected. */
    https?: {
      port: number;
      certificateFolder: string;
      redirectToPort: number;
      /** Differs when the certificates do: the gateway is then reloaded. */
      certificatesVersion: string;
    };
    /** Port of HAProxy's own Prometheus exporter and health page. */
    statsPort: number;
    /** Grace for requests under way when the gateway itself is reloaded or stopped. */
    stopSeconds: number;
  };
}
