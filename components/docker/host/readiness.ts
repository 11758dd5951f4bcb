import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import type { DelegateProvider } from "../../delegate/provider";
import { GuardClient, sleep } from "../release/client";
import { connectEngine, statusOf } from "../release/engine";

/** How long a container of the platform may take until its health check succeeds. */
const START_SECONDS = 90;

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

/**
 * Last to be made: limits the platform's processes and waits until every container is well. The engine itself asks
 * seldom, for each of its questions costs as much as starting a program.
 */
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
  await Promise.all(
    Object.entries(inputs.containers).map(async ([role, id]) => {
      await waitUntilWell(docker, `DockerHost "${inputs.name}": the ${role}`, id);
      await docker.getContainer(id).update({ PidsLimit: inputs.pidsLimit });
    }),
  );
  const guard = await GuardClient.open(docker, inputs.guard);
  try {
    await guard.service("headgate-readiness");
  } finally {
    guard.close();
  }
}

/** Runs the container's own health check until it succeeds. Throws when the container ends or stays unwell. */
export async function waitUntilWell(
  docker: Docker,
  subject: string,
  id: string,
  patienceSeconds = START_SECONDS,
): Promise<void> {
  const container = docker.getContainer(id);
  const fix = `Look at \`docker logs ${id.slice(0, 12)}\`.`;
  const latest = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const { State, RestartCount, Config } = await container.inspect();
    // While it runs its last exit code is not told, and what counts is whether it is well.
    if (State.Restarting ? RestartCount > 2 : !State.Running) {
      const got = `got exit code ${State.ExitCode}, ${RestartCount} restarts`;
      throw new Error(`${subject} does not stay up (${got}). ${fix}`);
    }
    const [, ...check] = Config.Healthcheck?.Test ?? [];
    const { code, words } = await run(docker, container, check);
    if (code === 0) return;
    if (Date.now() > latest) {
      const got = words === "" ? `exit code ${code}` : words;
      throw new Error(`${subject} is not well after ${patienceSeconds} s (its health check got ${got}). ${fix}`);
    }
    await sleep(300);
  }
}

/** Runs a command in a container; one that restarts right now counts as a failed run. */
async function run(docker: Docker, container: Docker.Container, command: string[]) {
  try {
    const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const said = new PassThrough();
    docker.modem.demuxStream(stream, said, said);
    stream.on("end", () => said.end());
    let words = "";
    for await (const chunk of said) words = (words + String(chunk)).slice(-300);
    return { code: (await exec.inspect()).ExitCode ?? -1, words: words.trim() };
  } catch (error) {
    if (statusOf(error) === 409) return { code: -1, words: "a container that restarts" };
    throw error;
  }
}
