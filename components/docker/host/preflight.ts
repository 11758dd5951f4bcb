import { createServer } from "node:net";
import type Docker from "dockerode";
import type { DelegateProvider } from "../../delegate/provider";
import { LABEL } from "../names";
import { connectEngine, ensureImage, ignoreMissing } from "../release/engine";

/** Oldest minor version of Engine API 1 with everything that is used: that of Docker 20.10. */
const OLDEST_API_MINOR = 41;

/** What is checked before anything is made on a host. */
export interface PreflightInputs {
  /** Name of the DockerHost, for messages. */
  name: string;
  engine: string;
  stack: string;
  prefix: string;
  /** Address of the machine the ports are opened on. */
  bindAddress: string;
  /** Ports by what they are for: { "ports.http": 8080 }. */
  ports: Record<string, number>;
  /** Images of the platform by their setting: { "images.gateway": "haproxy@sha256:…" }. */
  images: Record<string, string>;
  /** Repositories whose images belong to this host. */
  repositories: string[];
}

export type PreflightOutputs = PreflightInputs & { engineVersion: string; architecture: string };

/**
 * First to be made and last to go: says early and clearly when the engine is not there, a port is taken or an image
 * cannot be had, and at the end removes whatever still carries the stack's label, images included (the image resources themselves never do).
 */
export const preflightProvider: DelegateProvider<PreflightInputs, PreflightOutputs> = {
  async diff(olds, news) {
    const checked = ["engine", "bindAddress", "ports", "images"] as const;
    const changes = checked.some((field) => JSON.stringify(olds[field]) !== JSON.stringify(news[field]));
    const replaces = (["stack", "prefix"] as const).filter((field) => olds[field] !== news[field]);
    return {
      changes: changes || replaces.length > 0,
      replaces,
      deleteBeforeReplace: true,
    };
  },
  async create(inputs) {
    return { id: inputs.prefix, outs: await check(inputs) };
  },
  async update(_id, _olds, inputs) {
    return { outs: await check(inputs) };
  },
  async read(id, props) {
    return { id, props };
  },
  async delete(_id, props) {
    await purge(connectEngine(props.engine), props);
  },
};

async function check(inputs: PreflightInputs): Promise<PreflightOutputs> {
  const docker = connectEngine(inputs.engine);
  const fail = (path: string, what: string, got: unknown, fix: string): never => {
    throw new Error(`DockerHost "${inputs.name}": ${path} ${what} (got ${got}). ${fix}.`);
  };
  const version = await docker
    .version()
    .catch((error: Error) =>
      fail(
        "engine",
        "cannot be reached",
        `${inputs.engine || "the default engine"}: ${error.message}`,
        "Start Docker or set engine",
      ),
    );
  if (Number(version.ApiVersion.split(".")[1]) < OLDEST_API_MINOR) {
    fail("engine", "is too old", `API ${version.ApiVersion}`, "Update Docker to 20.10 or newer");
  }
  // Before anything is replaced: a container that cannot come back must not be taken away.
  for (const [path, image] of Object.entries(inputs.images)) {
    await ensureImage(docker, image).catch((error: Error) =>
      fail(path, `cannot be had: ${error.message}`, image, "Name an image that this host has or can pull"),
    );
  }
  const taken = new Map<number, { name: string; stack: string | undefined }>();
  for (const info of await docker.listContainers()) {
    const owner = { name: (info.Names[0] ?? info.Id).replace(/^\//, ""), stack: info.Labels[LABEL.host] };
    for (const port of info.Ports) if (port.PublicPort) taken.set(port.PublicPort, owner);
  }
  const local = inputs.engine === "" || inputs.engine.startsWith("unix:");
  for (const [path, port] of Object.entries(inputs.ports)) {
    const owner = taken.get(port);
    if (owner?.stack === inputs.prefix) continue;
    if (owner !== undefined) fail(path, `is taken by the container "${owner.name}"`, port, "Choose a free port");
    if (local && !process.env["DOCKER_HOST"]?.match(/^(ssh|tcp):/)) {
      const refusal = await tryListen(inputs.bindAddress, port);
      if (refusal !== undefined) fail(path, `cannot be opened: ${refusal}`, port, "Choose a free port");
    }
  }
  return { ...inputs, engineVersion: version.Version, architecture: version.Arch };
}

/** Opens a port for a moment; the reason when that does not work. */
function tryListen(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRINUSE" ? "another program listens there" : (error.code ?? error.message)),
    );
    server.listen({ host: address, port }, () => server.close(() => resolve(undefined)));
  });
}

async function purge(docker: Docker, { prefix, repositories }: PreflightOutputs): Promise<void> {
  const filters = { label: [`${LABEL.host}=${prefix}`] };
  for (const info of await docker.listContainers({ all: true, filters })) {
    await ignoreMissing(docker.getContainer(info.Id).remove({ force: true, v: true }));
  }
  for (const volume of (await docker.listVolumes({ filters })).Volumes ?? []) {
    await ignoreMissing(docker.getVolume(volume.Name).remove());
  }
  for (const network of await docker.listNetworks({ filters })) {
    await ignoreMissing(docker.getNetwork(network.Id).remove());
  }
  for (const image of await docker.listImages({ filters: { ...filters, dangling: ["true"] } })) {
    await ignoreMissing(docker.getImage(image.Id).remove());
  }
  for (const image of await docker.listImages()) {
    const references = [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])];
    for (const reference of references.filter((name) =>
      repositories.some((repository) => name.startsWith(repository)),
    )) {
      await ignoreMissing(docker.getImage(reference).remove());
    }
  }
}
