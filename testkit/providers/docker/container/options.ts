import type { ContainerCreateOptions, HostConfig } from "dockerode";
import { toLabels } from "../labels";
import { parseDuration } from "./duration";
import type { ContainerInputs } from "./schema";

const MIB = 1024 * 1024;
const NANO_CPUS = 1e9;

/** What the Docker Engine is asked to create. */
export function createOptions(args: ContainerInputs): ContainerCreateOptions {
  const ports = args.ports ?? [];
  return {
    name: args.name,
    Image: args.image,
    Labels: toLabels(args.labels),
    Tty: args.tty ?? false,
    OpenStdin: args.stdinOpen ?? false,
    ...given("Cmd", args.command),
    ...given("Entrypoint", args.entrypoints),
    ...given("Env", args.envs),
    ...given("User", args.user),
    ...given("Hostname", args.hostname),
    ...given("Domainname", args.domainname),
    ...given("WorkingDir", args.workingDir),
    ...given("StopSignal", args.stopSignal),
    ...given("StopTimeout", args.stopTimeout),
    ...(ports.length > 0 && { ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])) }),
    ...(args.healthcheck !== undefined && { Healthcheck: healthcheck(args.healthcheck) }),
    Volumes: Object.fromEntries(
      (args.volumes ?? [])
        .filter((volume) => volume.hostPath === undefined && volume.volumeName === undefined)
        .flatMap((volume) => (volume.containerPath === undefined ? [] : [[volume.containerPath, {}]])),
    ),
    HostConfig: hostConfig(args),
  };
}

/** The typings of the client lack one field of the engine's API. */
function hostConfig(args: ContainerInputs): HostConfig & { CgroupnsMode?: string } {
  const { adds, drops } = args.capabilities ?? {};
  return {
    AutoRemove: args.rm ?? false,
    Privileged: args.privileged ?? false,
    ReadonlyRootfs: args.readOnly ?? false,
    PublishAllPorts: args.publishAllPorts ?? false,
    NetworkMode: args.networkMode ?? "bridge",
    RestartPolicy: { Name: args.restart ?? "no", MaximumRetryCount: args.maxRetryCount ?? 0 },
    Init: args.init ?? false,
    PortBindings: portBindings(args.ports ?? []),
    Binds: binds(args.volumes ?? []),
    VolumesFrom: (args.volumes ?? []).flatMap((volume) => volume.fromContainer ?? []),
    Mounts: mounts(args.mounts ?? []),
    ...given("Tmpfs", args.tmpfs),
    ...given("CapAdd", adds),
    ...given("CapDrop", drops),
    ...securityOptions(args.securityOpts),
    ...given("GroupAdd", args.groupAdds),
    ...given("UsernsMode", args.usernsMode),
    ...given("PidMode", args.pidMode),
    ...given("IpcMode", args.ipcMode),
    ...given("CgroupParent", args.cgroupParent),
    ...given("CgroupnsMode", args.cgroupnsMode),
    ...given("Sysctls", args.sysctls),
    ...given("Dns", args.dns),
    ...given("DnsOptions", args.dnsOpts),
    ...given("DnsSearch", args.dnsSearches),
    ...given(
      "ExtraHosts",
      args.hosts?.map(({ host, ip }) => `${host}:${ip}`),
    ),
    ...given(
      "Ulimits",
      args.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    ),
    ...limits(args),
    ...(args.shmSize !== undefined && { ShmSize: args.shmSize * MIB }),
    ...(args.cpus !== undefined
      ? { NanoCpus: nanoCpus(args.cpus) }
      : { ...given("CpuPeriod", args.cpuPeriod), ...given("CpuQuota", args.cpuQuota) }),
    ...given("Runtime", args.runtime),
    ...given("StorageOpt", args.storageOpts),
    LogConfig: { Type: args.logDriver ?? "", Config: args.logOpts ?? {} },
  };
}

/** The limits that can change on a living container. Sizes are MiB in the package, bytes at the engine. */
export function limits(args: ContainerInputs) {
  const swap = args.memorySwap;
  return {
    ...(args.memory !== undefined && { Memory: args.memory * MIB }),
    ...(args.memoryReservation !== undefined && { MemoryReservation: args.memoryReservation * MIB }),
    // -1 stands for unlimited.
    ...(swap !== undefined && { MemorySwap: swap > 0 ? swap * MIB : swap }),
    ...given("CpuShares", args.cpuShares),
    ...given("CpusetCpus", args.cpuSet),
  };
}

function nanoCpus(cpus: string): number {
  const count = Number(cpus);
  if (!(count > 0)) throw new Error(`cpus must be a number above 0 (got ${cpus})`);
  return Math.round(count * NANO_CPUS);
}

type Port = NonNullable<ContainerInputs["ports"]>[number];

function portKey({ internal, protocol = "tcp" }: Port): string {
  return `${internal}/${protocol}`;
}

function portBindings(ports: Port[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const list = bindings[portKey(port)] ?? [];
    list.push({ HostIp: port.ip ?? "0.0.0.0", HostPort: port.external === undefined ? "" : String(port.external) });
    bindings[portKey(port)] = list;
  }
  return bindings;
}

function healthcheck(check: NonNullable<ContainerInputs["healthcheck"]>) {
  return {
    Test: check.tests ?? [],
    Interval: parseDuration(check.interval ?? "0s") ?? 0,
    Timeout: parseDuration(check.timeout ?? "0s") ?? 0,
    StartPeriod: parseDuration(check.startPeriod ?? "0s") ?? 0,
    StartInterval: parseDuration(check.startInterval ?? "0s") ?? 0,
    Retries: check.retries ?? 0,
  };
}

function binds(volumes: NonNullable<ContainerInputs["volumes"]>): string[] {
  return volumes.flatMap((volume) => {
    const source = volume.hostPath ?? volume.volumeName;
    if (source === undefined || volume.containerPath === undefined) return [];
    return [`${source}:${volume.containerPath}:${volume.readOnly === true ? "ro" : "rw"}`];
  });
}

function mounts(list: NonNullable<ContainerInputs["mounts"]>): HostConfig["Mounts"] {
  return list.map((mount) => ({
    Type: mount.type as "bind" | "volume" | "tmpfs",
    Target: mount.target,
    Source: mount.source ?? "",
    ReadOnly: mount.readOnly ?? false,
    ...(mount.bindOptions?.propagation !== undefined && {
      BindOptions: { Propagation: mount.bindOptions.propagation as "rprivate" },
    }),
    ...(mount.volumeOptions !== undefined && {
      VolumeOptions: {
        NoCopy: mount.volumeOptions.noCopy ?? false,
        Labels: toLabels(mount.volumeOptions.labels),
        DriverConfig: {
          Name: mount.volumeOptions.driverName ?? "local",
          Options: mount.volumeOptions.driverOptions ?? {},
        },
      },
    }),
    ...(mount.tmpfsOptions !== undefined && {
      TmpfsOptions: { SizeBytes: mount.tmpfsOptions.sizeBytes ?? 0, Mode: mount.tmpfsOptions.mode ?? 0o1777 },
    }),
  }));
}

/** `systempaths=unconfined` is an option of the tools, not of the engine. */
function securityOptions(options: string[] | undefined) {
  if (options === undefined) return {};
  const unconfined = options.includes("systempaths=unconfined");
  return {
    SecurityOpt: options.filter((option) => option !== "systempaths=unconfined"),
    ...(unconfined && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
