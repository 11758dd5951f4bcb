import type { DelegateProvider } from "../../delegate/provider";
import { GuardClient } from "../release/client";
import { connectEngine } from "../release/engine";

/** The platform's containers, which must all be up before a service is released. */
export interface ReadinessInputs {
  /** Name of the DockerHost, for messages. */
  name: string;
  engine: string;
  guard: string;
  /** Container ids by role; a new id means the container was made anew. */
  containers: Record<string, string>;
  /** Most processes in one container. The container resource has no such setting, so it is set here. */
  pidsLimit: number;
}

/** Last to be made: limits the platform's processes and waits until the guard answers. */
export const readinessProvider: DelegateProvider<ReadinessInputs, ReadinessInputs> = {
  async diff(olds, news) {
    const changes =
      JSON.stringify(olds.containers) !== JSON.stringify(news.containers) || olds.pidsLimit !== news.pidsLimit;
    return { changes, replaces: [], deleteBeforeReplace: false };
  },
  async create(inputs) {
    await ready(inputs);
    return { id: inputs.guard, outs: inputs };
  },
  async update(_id, _olds, inputs) {
    await ready(inputs);
    return { outs: inputs };
  },
  async read(id, props) {
    return { id, props };
  },
  async delete() {},
};

async function ready(inputs: ReadinessInputs): Promise<void> {
  const docker = connectEngine(inputs.engine);
  for (const [role, id] of Object.entries(inputs.containers)) {
    const container = docker.getContainer(id);
    const { State, RestartCount } = await container.inspect();
    if (!State.Running || RestartCount > 2) {
      throw new Error(
        `DockerHost "${inputs.name}": the ${role} does not stay up (got exit code ${State.ExitCode}, ` +
          `${RestartCount} restarts). Look at \`docker logs ${id.slice(0, 12)}\`.`,
      );
    }
    await container.update({ PidsLimit: inputs.pidsLimit });
  }
  const guard = await GuardClient.open(docker, inputs.guard);
  try {
    await guard.service("headgate-readiness");
  } finally {
    guard.close();
  }
}
