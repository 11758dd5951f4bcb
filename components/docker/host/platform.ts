import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { LABEL } from "../names";
import type { VolumeName } from "./guard-context";
import type { HostPlan, Role } from "./plan";
import type { PlatformContainer } from "./platform-plan";

/** The user of every platform container; volumes belong to it (guard-context.ts). */
const USER = "1000:1000";

/** Volumes of a host that its plan needs. */
export type HostVolumes = Partial<Record<VolumeName, docker.Volume>>;

/** Labels of one thing on a host, in the provider's shape. */
export function labels(plan: HostPlan, role: string): { label: string; value: string }[] {
  return [
    { label: LABEL.stack, value: plan.stackLabel },
    { label: LABEL.host, value: plan.prefix },
    { label: LABEL.role, value: role },
  ];
}

/** Arguments of a platform container: non-root, read-only, no capabilities, limited, checked, on the host's network. */
export function platformArguments(
  plan: HostPlan,
  role: Role,
  spec: PlatformContainer,
  image: pulumi.Input<string>,
  network: pulumi.Input<string>,
  volumes: HostVolumes,
  settings: pulumi.Input<string>,
): docker.ContainerArgs {
  const [program, ...parameters] = spec.run ?? [];
  return {
    name: `${plan.prefix}-${role}`,
    image,
    ...(program === undefined ? {} : { entrypoints: [program], command: parameters }),
    labels: [...labels(plan, role), { label: LABEL.settings, value: settings }],
    user: USER,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    memory: spec.memoryMebibytes,
    memorySwap: spec.memoryMebibytes,
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=16m" },
    volumes: (Object.entries(spec.volumes) as [VolumeName, boolean][]).flatMap(([volume, writable]) => {
      const resource = volumes[volume];
      return resource === undefined
        ? []
        : [{ volumeName: resource.name, containerPath: `/volumes/${volume}`, readOnly: !writable }];
    }),
    networksAdvanced: [{ name: network, aliases: [role] }],
    ...(spec.env === undefined ? {} : { envs: spec.env }),
    ports: spec.ports.map(({ inside, outside, address }) => ({ internal: inside, external: outside, ip: address })),
    healthcheck: {
      tests: ["CMD", ...spec.healthCheck],
      // Each check starts a program: on a small server, checks every other second took more than the platform itself.
      interval: spec.awaited === true ? "3s" : "30s",
      timeout: "3s",
      retries: 3,
      startPeriod: "20s",
    },
    restart: "unless-stopped",
    mustRun: true,
    wait: spec.awaited === true,
    waitTimeout: 90,
    ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
    stopTimeout: spec.stopSeconds,
    destroyGraceSeconds: spec.stopSeconds,
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
  };
}
