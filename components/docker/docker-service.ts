import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Service } from "../model/service";
import { engineProviderOf } from "./docker-host";
import type { DockerHostHandle } from "./host/args";
import { pluginPath } from "./paths";
import { SECRET_VARIABLE } from "./release/inputs";
import { DockerRelease } from "./release/resource";
import type { DockerServiceArgs } from "./service-args";
import { planService, type ServicePlan } from "./service-plan";

/** Options of a DockerService. */
export interface DockerServiceOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: last edit of a child's arguments. */
  transform?: { image?: (args: docker.ImageArgs) => docker.ImageArgs };
}

/**
 * A service on a DockerHost: its image, built there and pushed to the host's registry or taken by digest, and its
 * release. `pulumi up` succeeds if and only if the new version took all traffic; otherwise traffic is back on the old
 * version and the error says why. The decision is the guard's on the host, so it is made even when this program dies.
 * Throws ArgumentError when an argument is wrong.
 */
export class DockerService extends pulumi.ComponentResource {
  /** Where the service answers. */
  public readonly url: pulumi.Output<string>;
  /** Digest of the version that has the traffic. */
  public readonly digest: pulumi.Output<string>;
  /** Number of that version on its host. */
  public readonly revision: pulumi.Output<number>;

  constructor(name: string, args: DockerServiceArgs, opts: DockerServiceOptions = {}) {
    const { transform, ...componentOptions } = opts;
    const secrets = Object.fromEntries(
      Object.entries(args.secrets ?? {}).map(([file, value]) => [file, pulumi.secret(value)]),
    );
    super(
      "headgate:index:DockerService",
      name,
      { ...args, service: portable(args.service), secrets },
      componentOptions,
    );
    const plan = planService(name, args);
    for (const { feature, fidelity, message } of plan.diagnostics) {
      pulumi.log.info(`${feature} is ${fidelity} on a Docker host: ${message}`, this);
    }

    for (const warning of plan.warnings) pulumi.log.warn(`release.canary: ${warning}`, this);

    const host = pulumi.output(args.host);
    const reference = args.service.image.reference ?? createImage(this, name, plan, args.host, transform?.image);
    const release = new DockerRelease(
      `${name}-release`,
      {
        engine: host.engine,
        stack: host.stack,
        prefix: host.prefix,
        network: host.network,
        guard: host.guard,
        service: name,
        image: reference,
        copies: plan.copies,
        container: pulumi
          .all(args.env ?? {})
          .apply((env) => ({ ...plan.container, env: { ...plan.container.env, ...env } })),
        secretVariables: secretVariables(this, name, args.env),
        secrets: pulumi.all(secrets),
        registration: plan.registration,
        plan: plan.release,
        freeze: plan.freeze,
        emergency: plan.emergency,
        retry: plan.retry,
        onBusy: plan.onBusy,
        keepImages: plan.keepImages,
      },
      { parent: this, deleteBeforeReplace: true },
    );

    const [domain] = plan.registration.hosts;
    this.url = host.url.apply((url) => (domain === undefined ? url : withHost(url, domain)));
    this.digest = release.digest;
    this.revision = release.revision;
    this.registerOutputs({ url: this.url, digest: this.digest, revision: this.revision });
  }
}

/** The service as it is recorded: without the folders of one machine. */
function portable(service: Service): Service {
  const build = service?.image?.build;
  if (build === undefined || typeof build.context !== "string") return service;
  return { ...service, image: { build: { ...build, context: pluginPath(build.context) } } };
}

/** Builds the image on the host and pushes it to the host's registry; only the push gives it the digest it goes by. */
function createImage(
  parent: DockerService,
  name: string,
  plan: ServicePlan,
  handle: pulumi.Input<DockerHostHandle>,
  edit: ((args: docker.ImageArgs) => docker.ImageArgs) | undefined,
): pulumi.Output<string> {
  const { build } = plan;
  if (build === undefined) throw new Error("an image without build and reference passed the checks");
  const host = pulumi.output(handle);
  const args: docker.ImageArgs = {
    imageName: pulumi.interpolate`${host.registry}/${host.prefix}/${name}:current`,
    build: {
      context: pluginPath(build.context),
      dockerfile: pluginPath(build.dockerfile),
      args: build.args,
      ...(build.target === undefined ? {} : { target: build.target }),
      // The builder would take the platform of the machine that runs pulumi.
      platform: build.platform ?? host.platform,
    },
    buildOnPreview: false,
  };
  const provider = engineProviderOf(handle);
  const image = new docker.Image(`${name}-image`, edit?.(args) ?? args, {
    parent,
    ...(provider === undefined ? {} : { provider }),
  });
  return image.repoDigest;
}

/**
 * Names of the variables whose values are secrets: `docker inspect` would show them to everybody on the host. That is
 * known only later, so that the release refuses them; in a preview, where it does nothing, the error is told here.
 */
function secretVariables(parent: DockerService, name: string, env: DockerServiceArgs["env"]): pulumi.Output<string[]> {
  const found = Object.entries(env ?? {}).map(async ([variable, value]) => {
    if (!(await pulumi.isSecret(pulumi.output(value)))) return [];
    if (pulumi.runtime.isDryRun()) {
      await pulumi.log.error(`DockerService "${name}": env.${variable} ${SECRET_VARIABLE}.`, parent);
    }
    return [variable];
  });
  return pulumi.output(Promise.all(found).then((all) => all.flat()));
}

function withHost(url: string, domain: string): string {
  const changed = new URL(url);
  changed.hostname = domain;
  return changed.toString().replace(/\/$/, "");
}
