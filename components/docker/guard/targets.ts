import { join } from "node:path";
import { readIfThere, writeDurably } from "./durable-file";
import type { Version } from "./protocol";
import type { ServiceRecord } from "./record";

/** Tells Prometheus, by a file it watches, where the copies of every service show their own metrics. */
export class Targets {
  private readonly file: string;
  private written: string | undefined;

  constructor(targetFolder: string) {
    this.file = join(targetFolder, "services.json");
  }

  write(records: ServiceRecord[]): void {
    const text = `${JSON.stringify(records.flatMap(groups), undefined, 2)}\n`;
    this.written ??= readIfThere(this.file);
    if (this.written === text) return;
    writeDurably(this.file, text, 0o644);
    this.written = text;
  }
}

function groups({ service, registration: { metrics }, stable, release }: ServiceRecord): object[] {
  if (metrics === undefined) return [];
  const versions = new Map<number, Version>();
  const running = release !== undefined && release.state.phase !== "ended" ? release.state : undefined;
  for (const version of [stable, running?.previous, running?.candidate]) {
    if (version !== undefined && version.servers.length > 0) versions.set(version.revision, version);
  }
  return [...versions.values()].map(({ revision, digest, servers }) => ({
    targets: servers.map(({ host }) => `${host}:${metrics.port}`),
    labels: { service, revision: String(revision), version: digest, __metrics_path__: metrics.path },
  }));
}
