import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../delegate/short-stacks";
import type { DockerHostArgs, DockerHostHandle } from "./host/args";
import { guardContext, type VolumeName } from "./host/guard-context";
import { type HostPlan, planHost, type Role } from "./host/plan";
import { type HostVolumes, labels, platformArguments } from "./host/platform";
import { type PlatformContainer, planPlatform } from "./host/platform-plan";
import { HostPreflight, HostReadiness } from "./host/resources";
import { sealSecrets } from "./host/seal";
import { certificatesVersion, setupArguments } from "./host/setup";
import { pluginPath } from "./paths";

/** The provider that reaches a host's engine, by the host's handle, for hosts with an address of their own. */
const engineProviders = new WeakMap<object, docker.Provider>();

/** The provider of the host a handle came from; undefined: the program's own. */
export function engineProviderOf(handle: pulumi.Input<DockerHostHandle>): docker.Provider | undefined {
  return engineProviders.get(handle);
}

/** Most processes and threads in one platform container. */
const PIDS_LIMIT = 512;

/** Options of a DockerHost. */
export interface DockerHostOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: last edit of a platform container's arguments. */
  transform?: Partial<Record<Role, (args: docker.ContainerArgs) => docker.ContainerArgs>>;
}

/**
 * One machine with a Docker Engine that serves and releases services: a gateway (HAProxy), a registry, Prometheus with
 * Alertmanager, Grafana when its image is given, and the guard, which alone changes traffic.
 * Nothing on it runs as root or holds the Docker socket, and every port is on the loopback unless asked otherwise.
 * Throws ArgumentError when an argument is wrong.
 */
export class DockerHost extends pulumi.ComponentResource {
  /** What a DockerService needs to know of this host. */
  public readonly handle: pulumi.Output<DockerHostHandle>;
  /** Where the gateway listens. */
  public readonly url: pulumi.Output<string>;
  public readonly prometheusUrl: pulumi.Output<string>;
  public readonly alertmanagerUrl: pulumi.Output<string>;
  /** Undefined without Grafana's image. */
  public readonly grafanaUrl: pulumi.Output<string | undefined>;
  /** Address of the registry as the engine reaches it. */
  public readonly registry: pulumi.Output<string>;
  /** Version of the Docker Engine. */
  public readonly engineVersion: pulumi.Output<string>;

  constructor(name: string, args: DockerHostArgs = {}, opts: DockerHostOptions = {}) {
    const { transform, ...componentOptions } = opts;
    const sealed = sealSecrets(args);
    super("headgate:index:DockerHost", name, sealed, componentOptions);
    const plan = planHost(name, args, { project: pulumi.getProject(), stack: pulumi.getStack() });

    const preflight = createPreflight(this, name, plan);
    const options = engineOptions(this, name, plan, preflight);
    const network = new docker.Network(
      `${name}-network`,
      { name: plan.prefix, labels: labels(plan, "network") },
      options,
    );
    const volumes = createVolumes(name, plan, options);
    const platform = preflight.architecture.apply((architecture) => `linux/${architecture}`);
    const guardImage = createGuardImage(name, plan, platform, options);
    const certificates = certificatesVersion(args);
    // Containers have some eighty outputs each.
    const setup = withoutStacks(
      () =>
        new docker.Container(
          `${name}-setup`,
          setupArguments(plan, sealed, certificates, guardImage.repoDigest, volumes),
          { ...options, deleteBeforeReplace: true, replaceOnChanges: ["#initerror"] },
        ),
    );
    const edits = transform ?? {};
    const containers = withoutStacks(() =>
      createPlatform(name, plan, certificates, guardImage, setup, network, volumes, options, edits),
    );
    const readiness = new HostReadiness(
      `${name}-readiness`,
      {
        name,
        engine: plan.engine,
        guard: `${plan.prefix}-guard`,
        containers: Object.fromEntries(Object.entries(containers).map(([role, container]) => [role, container.id])),
        pidsLimit: PIDS_LIMIT,
      },
      { parent: this, dependsOn: after(...Object.values(containers)) },
    );

    // Nothing is known of a host before it is ready, so that a service waits for it.
    this.handle = pulumi.output(pulumi.runtime.isDryRun() ? undefined : readiness.urn).apply(() => ({
      engine: plan.engine,
      stack: plan.stackLabel,
      prefix: plan.prefix,
      network: plan.prefix,
      guard: `${plan.prefix}-guard`,
      registry: `127.0.0.1:${plan.ports.registry}`,
      platform,
      url: plan.url,
    }));
    if (options.provider !== undefined) engineProviders.set(this.handle, options.provider);
    this.url = pulumi.output(plan.url);
    this.prometheusUrl = pulumi.output(`http://127.0.0.1:${plan.ports.prometheus}`);
    this.alertmanagerUrl = pulumi.output(`http://127.0.0.1:${plan.ports.alertmanager}`);
    this.grafanaUrl = pulumi.output(
      plan.ports.grafana === undefined ? undefined : `http://127.0.0.1:${plan.ports.grafana}`,
    );
    this.registry = pulumi.output(`127.0.0.1:${plan.ports.registry}`);
    this.engineVersion = preflight.engineVersion;
    this.registerOutputs({
      handle: this.handle,
      url: this.url,
      prometheusUrl: this.prometheusUrl,
      alertmanagerUrl: this.alertmanagerUrl,
      grafanaUrl: this.grafanaUrl,
      registry: this.registry,
      engineVersion: this.engineVersion,
    });
  }
}

/** What must be there before. A preview makes nothing, so there nothing waits and the plugins start side by side. */
function after(...resources: pulumi.Resource[]): pulumi.Resource[] {
  return pulumi.runtime.isDryRun() ? [] : resources;
}

function createPreflight(parent: DockerHost, name: string, plan: HostPlan): HostPreflight {
  const ports = Object.fromEntries(Object.entries(plan.ports).map(([role, port]) => [`ports.${role}`, port]));
  return new HostPreflight(
    `${name}-preflight`,
    {
      name,
      engine: plan.engine,
      stack: plan.stackLabel,
      prefix: plan.prefix,
      bindAddress: plan.bindAddress,
      ports,
      images: Object.fromEntries(Object.entries(plan.images).map(([role, image]) => [`images.${role}`, image])),
      repositories: [`127.0.0.1:${plan.ports.registry}/${plan.prefix}/`, `${plan.prefix}/`],
    },
    { parent },
  );
}

/** Options of the docker resources: after the preflight, and through a provider of the host's own when it has an address. */
function engineOptions(
  parent: DockerHost,
  name: string,
  plan: HostPlan,
  preflight: HostPreflight,
): pulumi.CustomResourceOptions & { provider?: docker.Provider } {
  const options = { parent, dependsOn: after(preflight) };
  if (plan.engine === "") return options;
  return { ...options, provider: new docker.Provider(`${name}-engine`, { host: plan.engine }, options) };
}

function createVolumes(name: string, plan: HostPlan, options: pulumi.CustomResourceOptions): HostVolumes {
  const wanted: VolumeName[] = ["state", "gateway", "sockets", "targets", "prometheus", "alertmanager", "registry"];
  if (plan.certificates.length > 0) wanted.push("certificates");
  if (plan.images.grafana !== undefined) wanted.push("grafana");
  return Object.fromEntries(
    wanted.map((role) => [
      role,
      new docker.Volume(
        `${name}-${role}-volume`,
        { name: `${plan.prefix}-${role}`, labels: labels(plan, role) },
        options,
      ),
    ]),
  );
}

function createGuardImage(
  name: string,
  plan: HostPlan,
  platform: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): docker.Image {
  const context = pluginPath(guardContext());
  return new docker.Image(
    `${name}-guard-image`,
    {
      imageName: `${plan.prefix}/guard:latest`,
      build: {
        context,
        dockerfile: join(context, "Dockerfile"),
        args: { BASE: plan.images.node, HOST: plan.prefix },
        platform,
      },
      skipPush: true,
      buildOnPreview: false,
    },
    options,
  );
}

/** The platform's containers, each after what it needs. */
function createPlatform(
  name: string,
  plan: HostPlan,
  certificates: pulumi.Output<string>,
  guardImage: docker.Image,
  setup: docker.Container,
  network: docker.Network,
  volumes: HostVolumes,
  options: pulumi.CustomResourceOptions,
  transform: NonNullable<DockerHostOptions["transform"]>,
): Partial<Record<Role, docker.Container>> {
  const made: Partial<Record<Role, docker.Container>> = {};
  for (const [role, spec] of Object.entries(planPlatform(plan)) as [Role, PlatformContainer][]) {
    const image = role === "guard" ? guardImage.repoDigest : (plan.images[role] ?? "");
    const read = role === "guard" ? pulumi.interpolate`${spec.settings}${certificates}` : spec.settings;
    const settings = platformArguments(plan, role, spec, image, network.name, volumes, read);
    made[role] = new docker.Container(`${name}-${role}`, transform[role]?.(settings) ?? settings, {
      ...options,
      dependsOn: after(setup, ...(spec.after === undefined ? [] : [made[spec.after] ?? setup])),
      // Its name and its ports are taken until it is gone.
      deleteBeforeReplace: true,
      // The provider records a container that did not get healthy, and a changed check or scratch folder, as done.
      replaceOnChanges: ["#initerror", "healthcheck", "tmpfs"],
      // An engine without swap accounting reads back -1.
      ignoreChanges: ["memorySwap"],
    });
  }
  return made;
}
