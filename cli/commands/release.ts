import { hostname, userInfo } from "node:os";
import { parseArgs } from "node:util";
import { type Command, UsageError } from "../command";
import { chooseTarget } from "../release/choose";
import { ACTIONS, type Action } from "../release/target";
import { statusText } from "../release/text";
import { watch } from "../release/watch";

const HELP = `usage: headgate release status|promote|pause|abort|retry SERVICE [options]

Looks at the release of a service on a Docker host or in a Kubernetes cluster, opens its present gate, stops it where it
is, takes it back, or tries again a version that was taken back.

  --full             promote: skip all steps that are left
  --reason TEXT      why, for whoever reads the release later
  --watch            show the release until it has ended: exit code 0 promoted, 1 taken back, 3 it waits for a person
  --json             print the state as JSON (docs/release.md has its fields)

On a Docker host (the default where a guard knows the service):
  --engine ADDRESS   Docker Engine: "ssh://user@machine", "unix:///…". Defaults to DOCKER_HOST, then this machine's
  --guard NAME       container of the host's guard. Defaults to the only one there is
  --docker           look at Docker only

In a Kubernetes cluster (the default otherwise):
  --namespace NAME   Defaults to that of the context
  --context NAME     Defaults to the current one
  --kubeconfig PATH  Defaults to KUBECONFIG, then ~/.kube/config
  --kubernetes       look at Kubernetes only

  --help             print this`;

export const release: Command = {
  name: "release",
  summary: "look at a release, promote it, pause it, take it back or try it again",
  help: HELP,
  run,
};

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      full: { type: "boolean", default: false },
      reason: { type: "string" },
      watch: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      engine: { type: "string" },
      guard: { type: "string" },
      docker: { type: "boolean", default: false },
      namespace: { type: "string" },
      context: { type: "string" },
      kubeconfig: { type: "string" },
      kubernetes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [action, service, ...rest] = positionals;
  if (!(action === "status" || isAction(action)) || service === undefined || rest.length > 0)
    throw new UsageError(HELP);
  if (values.full && action !== "promote") throw new UsageError(`headgate: --full goes with promote (got ${action}).`);
  if (values.json && values.watch) throw new UsageError("headgate: --json does not go with --watch. Choose one.");
  const target = await chooseTarget(values, service);
  try {
    if ((await target.look(service)) === undefined) {
      throw new UsageError(`headgate: there is no service "${service}" there. Check its name, and where it is.`);
    }
    if (action !== "status") {
      const by = `${userInfo().username}@${hostname()}${values.reason === undefined ? "" : `: ${values.reason}`}`;
      await target.act(service, action, by, values.full);
    }
    if (values.watch) return await watch(target, service, process.stdout);
    const now = await target.look(service);
    if (now !== undefined) {
      console.log(values.json ? JSON.stringify(now, undefined, 2) : statusText(now, Date.now() / 1000));
    }
    return 0;
  } finally {
    target.close();
  }
}

const isAction = (text: string | undefined): text is Action => ACTIONS.some((action) => action === text);
