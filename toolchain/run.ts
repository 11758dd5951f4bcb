import { spawn } from "node:child_process";
import { clean } from "./clean";
import { stopDocker } from "./docker";
import { doctor, printDoctor } from "./doctor";
import { ensureToolchain } from "./env";
import { ToolchainError } from "./errors";
import { clusterCommand } from "./kubernetes/command";
import { cacheLayout, checkout } from "./paths";

const usage = `usage: run.ts ensure [--json]            find or make every piece
       run.ts doctor [--json]            say what is there and what is missing
       run.ts exec -- <command> [args]   run a command with the tools on PATH
       run.ts docker stop                stop a daemon that was started here and that nobody uses
       run.ts docker release             the same, but only if it was started for tests
       run.ts cluster up [--bare] [--json]
                                         start this checkout's Kubernetes cluster and install Argo Rollouts, Traefik
                                         and Prometheus in it; --bare: only load the images of the first two
       run.ts cluster status [--json]    list the clusters that run
       run.ts cluster load <image>...    bring images that Docker has into it
       run.ts cluster down               remove it with all that is in it, and what dead clusters left
       run.ts clean                      empty the cache, except the dev stack's state`;

const all = { engine: true, plugins: true, docker: true, images: true } as const;
const toStderr = (text: string): void => console.error(text);

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "ensure") {
    const json = rest.includes("--json");
    const { env, images, engine, plugins, docker, release } = await ensureToolchain({ ...all, log: toStderr });
    await release();
    if (json) console.log(JSON.stringify({ engine, plugins, docker, images, env }, null, 2));
    return 0;
  }
  if (command === "doctor") return printDoctor(await doctor(checkout, cacheLayout(checkout)), rest.includes("--json"));
  if (command === "exec" && rest[0] === "--" && rest[1] !== undefined) return await execTool(rest[1], rest.slice(2));
  if (command === "docker" && (rest[0] === "stop" || rest[0] === "release")) {
    console.log(`docker     ${await stopDocker({ startedForTestsOnly: rest[0] === "release" })}`);
    return 0;
  }
  if (command === "cluster") {
    const code = await clusterCommand(rest, cacheLayout(checkout));
    if (code !== undefined) return code;
  }
  if (command === "clean") {
    await clean(cacheLayout(checkout), (text) => console.log(text));
    return 0;
  }
  console.error(usage);
  return 2;
}

async function execTool(command: string, args: readonly string[]): Promise<number> {
  const toolchain = await ensureToolchain({ ...all, log: toStderr });
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(command, [...args], { stdio: "inherit", env: { ...process.env, ...toolchain.env } });
      // Ctrl-C reaches the child as well; this process waits for its end.
      process.on("SIGINT", () => {});
      process.on("SIGTERM", () => child.kill("SIGTERM"));
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 1));
    });
  } finally {
    await toolchain.release();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof ToolchainError ? `toolchain: ${error.message}` : error);
    process.exitCode = 1;
  },
);
