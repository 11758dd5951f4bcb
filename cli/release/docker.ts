import type Docker from "dockerode";
import type { ReleaseState } from "../../components/docker/guard/protocol";
import { LABEL } from "../../components/docker/names";
import { GuardClient, GuardRefusal } from "../../components/docker/release/client";
import { connectEngine } from "../../components/docker/release/engine";
import { UsageError } from "../command";
import type { Action, ReleaseTarget } from "./target";

export { connectEngine };

/** Opens the guard of a Docker host. Throws UsageError when there is none, or more than one to choose from. */
export async function openDocker(engine: string, guard: string | undefined): Promise<ReleaseTarget> {
  const docker = connectEngine(engine);
  const name = guard ?? onlyOne(await guardsOf(docker));
  const client = await GuardClient.open(docker, name);
  return dockerTarget(client, name);
}

/** Names of the guards that run on an engine. */
export async function guardsOf(docker: Docker): Promise<string[]> {
  const guards = await docker.listContainers({ filters: { label: [`${LABEL.role}=guard`] } });
  return guards.map(({ Names }) => (Names[0] ?? "").replace(/^\//, "")).sort();
}

function onlyOne(names: readonly string[]): string {
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined
      ? "headgate: no guard runs on this Docker Engine. Name another one with --engine."
      : `headgate: there are ${names.length} guards. Choose one with --guard: ${names.join(", ")}.`,
  );
}

function dockerTarget(guard: GuardClient, name: string): ReleaseTarget {
  return {
    lookSeconds: 1,
    async look(service) {
      const state = await guard.service(service);
      if (state === undefined) return undefined;
      const place = `docker, guard ${name}`;
      if (state.release === undefined) return { target: "docker", place, ...state };
      // The service's own state leaves the events out.
      const release = await guard.release(service, state.release.candidate.revision, 0, 0);
      return { target: "docker", place, ...state, release };
    },
    async act(service, action, by, full) {
      const release = (await guard.service(service))?.release;
      if (release === undefined || (action !== "retry" && release.phase === "ended")) {
        throw new UsageError(`headgate: "${service}" has no release under way. Start one with pulumi up.`);
      }
      try {
        await carryOut(guard, release, action, by, full);
      } catch (error) {
        if (!(error instanceof GuardRefusal)) throw error;
        throw new UsageError(`headgate: ${error.message}.`);
      }
    },
    close: () => guard.close(),
  };
}

async function carryOut(
  guard: GuardClient,
  release: ReleaseState,
  action: Action,
  by: string,
  full: boolean,
): Promise<void> {
  const { service, candidate, plan, retry } = release;
  const { revision } = candidate;
  switch (action) {
    case "abort":
      await guard.abort(service, revision, by, "aborted");
      return;
    case "pause":
      await guard.pause(service, revision, by);
      return;
    case "retry":
      throw new UsageError(
        `headgate: a Docker host cannot try "${service}" again by itself: pulumi up starts the containers. ` +
          `Run: pulumi config set headgate:retry ${retry + 1} && pulumi up.`,
      );
    case "promote": {
      // Each call opens one gate; one that somebody paused goes on first.
      const most = full ? plan.steps.length + 2 : 1;
      for (let count = 0; count < most; count += 1) {
        const { phase } = count === 0 ? release : await guard.release(service, revision, Number.MAX_SAFE_INTEGER, 0);
        if (count > 0 && phase !== "stepping" && phase !== "baking") return;
        await guard.promote(service, revision, by);
      }
    }
  }
}
