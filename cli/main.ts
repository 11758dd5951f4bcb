#!/usr/bin/env node
import { type Command, UsageError } from "./command";

/** Commands by name, each loaded when it is asked for: none pays for what another needs. */
const commands: Record<string, () => Command> = {
  plan: () => (require("./commands/plan") as typeof import("./commands/plan")).plan,
  validate: () => (require("./commands/validate") as typeof import("./commands/validate")).validate,
  judge: () => (require("./commands/judge") as typeof import("./commands/judge")).judge,
  check: () => (require("./commands/check") as typeof import("./commands/check")).check,
  pipeline: () => (require("./commands/pipeline") as typeof import("./commands/pipeline")).pipeline,
  pins: () => (require("./commands/pins") as typeof import("./commands/pins")).pins,
  release: () => (require("./commands/release") as typeof import("./commands/release")).release,
};

async function main([name, ...args]: string[]): Promise<number> {
  const load = commands[name ?? ""];
  if (load !== undefined) return load().run(args);
  const lines = Object.values(commands)
    .map((command) => command())
    .map((command) => `  ${command.name.padEnd(10)}${command.summary}`);
  const help = ["usage: headgate COMMAND [options]", "", ...lines, "", "headgate COMMAND --help tells more."].join(
    "\n",
  );
  if (name !== "--help" && name !== "help") throw new UsageError(help);
  console.log(help);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError || (error instanceof TypeError && "code" in error);
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = usage ? 2 : 1;
  },
);
