import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../rules";
import { servePack } from "./server";

// Starts a server, so this file is only ever run by the engine, in the pack's folder.
const { version } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8")) as { version: string };
servePack(RULES, version).then(
  // As text: a number would come with colors.
  ({ port }) => console.log(String(port)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
