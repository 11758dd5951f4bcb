import type { ContainerInspectInfo } from "dockerode";
import type { Properties } from "../../shared/wire";
import { formatDuration } from "./duration";

/** Fields of the engine's answer that the client's typings lack. */
interface MoreFields {
  Config: { StopSignal?: string; StopTimeout?: number };
  NetworkSettings: { Bridge?: string };
}

/** What the Docker Engine says of a container, in the package's words. */
export function outputsOf(info: ContainerInspectInfo & MoreFields, mustRun: boolean): Properties {
  const { Config: config, HostConfig: host, NetworkSettings: network, State: state } = info;
  const ports = portsOf(info);
  return {
    name: info.Name.replace(/^\//, ""),
    bridge: network.Bridge ?? "",
    command: config.Cmd ?? [],
    entrypoints: toList(config.Entrypoint),
    hostname: config.Hostname,
    init: host.Init ?? false,
    ipcMode: host.IpcMode,
    logDriver: host.LogConfig?.Type,
    runtime: host.Runtime,
    securityOpts: host.SecurityOpt ?? [],
    shmSize: Math.round((host.ShmSize ?? 0) / 1024 / 1024),
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? 0,
    ...(config.Healthcheck !== undefined && {
      healthcheck: {
        tests: config.Healthcheck.Test ?? [],
        interval: formatDuration(config.Healthcheck.Interval ?? 0),
        timeout: formatDuration(config.Healthcheck.Timeout ?? 0),
        startPeriod: formatDuration(config.Healthcheck.StartPeriod ?? 0),
        retries: config.Healthcheck.Retries ?? 0,
      },
    }),
    ...(ports.length > 0 && { ports }),
    networkDatas: Object.entries(network.Networks).map(([networkName, data]) => ({
      networkName,
      gateway: data.Gateway,
      ipAddress: data.IPAddress,
      ipPrefixLength: data.IPPrefixLen,
      ipv6Gateway: data.IPv6Gateway,
      globalIpv6Address: data.GlobalIPv6Address,
      globalIpv6PrefixLength: data.GlobalIPv6PrefixLen,
      macAddress: data.MacAddress,
    })),
    // A stopped container that must run is told by this flag; the next update starts it.
    mustRun: mustRun && state.Running,
    ...(!state.Running && { exitCode: state.ExitCode }),
  };
}

/** The published ports; a stopped container has none, and keeps the ones of its inputs. */
function portsOf({ NetworkSettings: { Ports: ports } }: ContainerInspectInfo): Properties[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol = "tcp"] = key.split("/");
      // The engine answers null for a port that is exposed and not published.
      return (bindings ?? [])
        .filter((binding) => !binding.HostIp.includes(":"))
        .map((binding) => ({
          internal: Number(internal),
          external: Number(binding.HostPort),
          ip: binding.HostIp,
          protocol,
        }));
    })
    .sort((a, b) => a.internal - b.internal || a.external - b.external);
}

function toList(value: string | string[] | undefined | null): string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}
