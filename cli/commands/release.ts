import { hostname, userInfo } from "node:os";
import { parseArgs } from "node:util";
import type Docker from "dockerode";
import type { ReleaseState, ServiceState } from "../../components/docker/guard/protocol";
import { LABEL } from "../../components/docker/names";
import { GuardClient } from "../../components/docker/release/client";
import { connectEngine } from "../../components/docker/release/engine";

import { type Command, UsageError } from "../command";

const HELP = `usage: headgate release status|promote|abort SERVICE [options]

Looks at the release of a service on a Docker host, opens its present gate, or takes it back.

  --engine ADDRESS  Docker Engine: "ssh://user@machine", "unix:///…". Defaults to DOCKER_HOST, then this machine's
  --guard NAME      container of the host's guard. Defaults to the only one there is
  --reason TEXT     why, for whoever reads the release later
  --json            print the state as JSON
  --help            print this`;

export const release: Command = {
  name: "release",
  summary: "look at a release on a Docker host, promote it or take it back",
  help: HELP,
  run,
};

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      engine: { type: "string", default: "" },
      guard: { type: "string" },
      reason: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [action, service, ...rest] = positionals;
  if (!isAction(action) || service === undefined || rest.length > 0) throw new UsageError(HELP);
  const docker = connectEngine(values.engine);
  const guard = await GuardClient.open(docker, values.guard ?? (await onlyGuard(docker)));
  try {
    const state = await guard.service(service);
    if (state === undefined) throw new UsageError(`headgate: the host has no service "${service}". Check its name.`);
    const release = state.release;
    if (action !== "status") {
      if (release === undefined || release.phase === "ended") {
        throw new UsageError(`headgate: "${service}" has no release under way. Start one with pulumi up.`);
      }
      const by = `${userInfo().username}@${hostname()}${values.reason === undefined ? "" : `: ${values.reason}`}`;
      const { revision } = release.candidate;
      if (action === "promote") await guard.promote(service, revision, by);
      else await guard.abort(service, revision, by, "aborted");
    }
    const now = action === "status" ? state : await guard.service(service);
    console.log(values.json ? JSON.stringify(now, undefined, 2) : describe(now ?? state));
    return 0;
  } finally {
    guard.close();
  }
}

function isAction(text: string | undefined): text is "status" | "promote" | "abort" {
  return text === "status" || text === "promote" || text === "abort";
}

async function onlyGuard(docker: Docker): Promise<string> {
  const guards = await docker.listContainers({ filters: { label: [`${LABEL.role}=guard`] } });
  const names = guards.map(({ Names }) => (Names[0] ?? "").replace(/^\//, "")).sort();
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined
      ? "headgate: no guard runs on this Docker Engine. Name another one with --engine."
      : `headgate: there are ${names.length} guards. Choose one with --guard: ${names.join(", ")}.`,
  );
}

function describe({ service, stable, release }: ServiceState): string {
  const serving = stable === undefined ? "nothing" : `revision ${stable.revision} (${stable.digest.slice(0, 19)})`;
  return [`${service}: ${serving} has the traffic`, ...(release === undefined ? [] : releaseLines(release))].join("\n");
}

function releaseLines(release: ReleaseState): string[] {
  const { candidate, phase, weight, paused, outcome, reason, secondsLeft } = release;
  const where =
    phase === "ended"
      ? `${outcome === "promoted" ? "was promoted" : "was taken back"}`
      : `is ${phase} at ${weight} %${paused === undefined ? `, about ${Math.round(secondsLeft)} s left` : `, waiting for somebody (${paused.reason})`}`;
  return [
    `release ${candidate.revision} (${candidate.digest.slice(0, 19)}) ${where}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...release.steps.map(
      ({ weight: share, verdict, new: fresh, old }) =>
        `  ${String(share).padStart(3)} %  ${verdict.padEnd(9)} ${fresh.bad} of ${fresh.total} failed (old: ${old.bad} of ${old.total})`,
    ),
  ];
}
