import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { ServerAddress } from "../guard/protocol";
import { containerName, LABEL, secretsVolumeName } from "../names";
import { ignoreMissing, statusOf } from "./engine";
import type { ReleaseInputs } from "./inputs";

/** Where secret files are in a container. */
export const SECRETS_FOLDER = "/run/secrets";
/** Lines of a container's log shown when it fails to start. */
const LOG_LINES = 5;

/** A copy that will never become healthy, and why. */
export interface FailedCopy {
  name: string;
  reason: string;
  /** Whether the reason names the exit code: it is gone as soon as the copy has been started again. */
  exact: boolean;
}

/** The containers of a service's revisions on a host. */
export class ServiceContainers {
  constructor(
    private readonly docker: Docker,
    private readonly inputs: ReleaseInputs,
  ) {}

  addresses(revision: number): ServerAddress[] {
    return Array.from({ length: this.inputs.copies }, (_, index) => ({
      name: `r${revision}-${index + 1}`,
      host: containerName(this.inputs.prefix, this.inputs.service, revision, index + 1),
      port: this.inputs.container.port,
    }));
  }

  /** Starts every copy of a revision that does not run yet. */
  async start(revision: number): Promise<void> {
    if (Object.keys(this.inputs.secrets).length > 0) await this.ensureSecrets(revision);
    for (const address of this.addresses(revision)) {
      const running = await ignoreMissing(this.docker.getContainer(address.host).inspect());
      if (running?.State.Running === true) continue;
      if (running === undefined) await this.docker.createContainer(this.settings(revision, address.host));
      await this.docker.getContainer(address.host).start();
    }
  }

  /** Copies of a revision that ended or keep restarting, with the end of what they said. */
  async failed(revision: number): Promise<FailedCopy[]> {
    const failures: FailedCopy[] = [];
    for (const { host } of this.addresses(revision)) {
      const container = this.docker.getContainer(host);
      const state = await ignoreMissing(container.inspect());
      if (state === undefined) failures.push({ name: host, reason: "it is gone", exact: true });
      else if (state.RestartCount > 0 || (!state.State.Running && state.State.Status !== "created")) {
        const { OOMKilled, ExitCode, Restarting, Running } = state.State;
        const exact = Restarting || !Running;
        const why = OOMKilled
          ? `it used more than its ${Math.round(this.inputs.container.memoryBytes / 2 ** 20)} MiB of memory`
          : exact
            ? `it exited with code ${ExitCode}`
            : `it exited and was started again (${state.RestartCount} times)`;
        failures.push({ name: host, reason: `${why}. Its last words: ${await this.lastWords(container)}`, exact });
      }
    }
    return failures;
  }

  /** Stops and removes the copies and secret files of every revision but the given ones. */
  async removeAllBut(revisions: number[]): Promise<number[]> {
    const kept = new Set(revisions.map(String));
    const removed = new Set<number>();
    const containers = await this.docker.listContainers({ all: true, filters: { label: this.labelFilter() } });
    await Promise.all(
      containers.map(async (info) => {
        const revision = info.Labels[LABEL.revision] ?? "";
        if (kept.has(revision)) return;
        removed.add(Number(revision));
        const container = this.docker.getContainer(info.Id);
        await ignoreMissing(
          container.stop({ t: this.inputs.container.stopTimeoutSeconds }).catch((error) => {
            if (statusOf(error) !== 304) throw error;
          }),
        );
        await ignoreMissing(container.remove({ force: true }));
      }),
    );
    const { Volumes } = await this.docker.listVolumes({ filters: { label: this.labelFilter() } });
    for (const volume of Volumes ?? []) {
      if (!kept.has(volume.Labels?.[LABEL.revision] ?? "")) {
        await ignoreMissing(this.docker.getVolume(volume.Name).remove());
      }
    }
    return [...removed].sort((a, b) => a - b);
  }

  /**
   * Removes images of this service beyond the newest `keepImages`, never one a container uses.
   * The repository is the service's own, so nothing else can be hit.
   */
  async pruneImages(): Promise<void> {
    const repository = this.inputs.image.slice(0, this.inputs.image.lastIndexOf("@"));
    if (!repository.includes(`/${this.inputs.prefix}/`)) return;
    const images = await this.docker.listImages({ filters: { reference: [repository] } });
    const used = new Set((await this.docker.listContainers({ all: true })).map((info) => info.ImageID));
    const spare = images.sort((a, b) => b.Created - a.Created).slice(this.inputs.keepImages + 1);
    for (const image of spare.filter((candidate) => !used.has(candidate.Id))) {
      const references = [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])];
      for (const reference of references.filter(
        (name) => name.startsWith(`${repository}:`) || name.startsWith(`${repository}@`),
      )) {
        await ignoreMissing(this.docker.getImage(reference).remove());
      }
    }
  }

  private settings(revision: number, name: string): Docker.ContainerCreateOptions {
    const { inputs } = this;
    const { container } = inputs;
    const withSecrets = Object.keys(inputs.secrets).length > 0;
    return {
      name,
      Image: inputs.image,
      ...(container.command.length > 0 ? { Cmd: container.command } : {}),
      Env: Object.entries(container.env).map(([key, value]) => `${key}=${value}`),
      User: container.user,
      Labels: this.labels(revision),
      StopTimeout: container.stopTimeoutSeconds,
      HostConfig: {
        NetworkMode: inputs.network,
        RestartPolicy: { Name: "unless-stopped" },
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges"],
        NanoCpus: Math.round(container.cpus * 1e9),
        Memory: container.memoryBytes,
        MemorySwap: container.memoryBytes,
        PidsLimit: container.pidsLimit,
        Init: true,
        Tmpfs: Object.fromEntries(
          Object.entries(container.scratch).map(([path, bytes]) => [
            path,
            `rw,noexec,nosuid,nodev,mode=1777,size=${bytes}`,
          ]),
        ),
        LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
        ...(withSecrets
          ? {
              Mounts: [
                {
                  Type: "volume" as const,
                  Source: secretsVolumeName(inputs.prefix, inputs.service, revision),
                  Target: SECRETS_FOLDER,
                  ReadOnly: true,
                },
              ],
            }
          : {}),
      },
    };
  }

  /**
   * Puts the secret files into a volume of the revision. A container that never starts carries them there: files can be
   * copied into a container's volume through the Engine API, on any host, without a trace in its settings.
   */
  private async ensureSecrets(revision: number): Promise<void> {
    const name = secretsVolumeName(this.inputs.prefix, this.inputs.service, revision);
    await this.docker.createVolume({ Name: name, Labels: this.labels(revision) });
    const carrier = await this.docker.createContainer({
      Image: this.inputs.image,
      Cmd: ["never-started"],
      Labels: this.labels(revision),
      NetworkDisabled: true,
      HostConfig: { Mounts: [{ Type: "volume", Source: name, Target: SECRETS_FOLDER }] },
    });
    try {
      const [uid, gid] = this.inputs.container.user.split(":").map(Number);
      const archive = pack();
      for (const [file, content] of Object.entries(this.inputs.secrets)) {
        archive.entry({ name: file, mode: 0o400, uid: uid ?? 0, gid: gid ?? 0 }, content);
      }
      archive.finalize();
      const chunks: Buffer[] = [];
      for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
      await carrier.putArchive(Buffer.concat(chunks), { path: SECRETS_FOLDER });
    } finally {
      await ignoreMissing(carrier.remove({ force: true }));
    }
  }

  private labels(revision: number): Record<string, string> {
    return {
      [LABEL.stack]: this.inputs.stack,
      [LABEL.host]: this.inputs.prefix,
      [LABEL.service]: this.inputs.service,
      [LABEL.revision]: String(revision),
    };
  }

  private labelFilter(): string[] {
    return [
      `${LABEL.stack}=${this.inputs.stack}`,
      `${LABEL.host}=${this.inputs.prefix}`,
      `${LABEL.service}=${this.inputs.service}`,
    ];
  }

  /** The last lines of a container's log, without any secret this release knows. */
  private async lastWords(container: Docker.Container): Promise<string> {
    const raw = await container.logs({ stdout: true, stderr: true, tail: LOG_LINES });
    const text = withoutFrames(raw).trim();
    if (text === "") return "(none)";
    return Object.values(this.inputs.secrets)
      .filter((secret) => secret.length > 0)
      .reduce((hidden, secret) => hidden.replaceAll(secret, "[secret]"), text)
      .split("\n")
      .join(" | ");
  }
}

/** Text of a log in Docker's multiplexed form: frames of an eight-byte head and their content. */
function withoutFrames(raw: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length).toString());
    at += 8 + length;
  }
  return parts.join("");
}
