import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerHostArgs } from "./args";
import { CERTIFICATE_FOLDER, GUARD_SETTINGS, hostFiles, SECRET_FILES } from "./files";
import { fingerprint, type HostPlan } from "./plan";
import { type HostVolumes, labels } from "./platform";

/** Differs when a certificate does. Their public part is all it needs, and that is no secret. */
export function certificatesVersion({ https }: DockerHostArgs): pulumi.Output<string> {
  const parts = (https?.certificates ?? []).map(({ certificate }) => pulumi.unsecret(pulumi.output(certificate)));
  return pulumi.all(parts).apply((all) => (all.length === 0 ? "" : fingerprint(all.join("\n"))));
}

/**
 * Arguments of a container that is never started: being made, it gives new volumes their owner, and through it the configuration
 * and its secrets are copied into them. Platform containers can so have a read-only root file system.
 */
export function setupArguments(
  plan: HostPlan,
  args: DockerHostArgs,
  certificates: pulumi.Output<string>,
  image: pulumi.Input<string>,
  volumes: HostVolumes,
): docker.ContainerArgs {
  const files: [path: string, content: pulumi.Input<string> | undefined][] = [
    ...Object.entries(hostFiles(plan)).filter(([path]) => path !== GUARD_SETTINGS),
    [GUARD_SETTINGS, certificates.apply((version) => hostFiles(plan, version)[GUARD_SETTINGS] ?? "")],
    [SECRET_FILES.slackWebhook, args.alerts?.slack?.webhookUrl],
    [SECRET_FILES.emailPassword, args.alerts?.email?.password],
    ...(args.https?.certificates ?? []).map(
      ({ name: file, certificate, privateKey }, index): [string, pulumi.Input<string>] => [
        // The gateway shows the first file of the folder to clients that name no known host.
        `${CERTIFICATE_FOLDER}/${String(index).padStart(3, "0")}-${file}.pem`,
        pulumi.interpolate`${certificate}\n${privateKey}\n`,
      ],
    ),
  ];
  return {
    name: `${plan.prefix}-setup`,
    image,
    labels: labels(plan, "setup"),
    start: false,
    mustRun: false,
    networkMode: "none",
    volumes: Object.entries(volumes).map(([role, volume]) => ({
      volumeName: volume.name,
      containerPath: `/volumes/${role}`,
    })),
    uploads: files.flatMap(([path, content]) => (content === undefined ? [] : [{ file: `/volumes/${path}`, content }])),
  };
}
