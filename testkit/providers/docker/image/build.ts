import { Readable } from "node:stream";
import type { Log } from "../../shared/provider";
import { type DockerClient, reasonOf } from "../client";
import type { DockerConfig } from "../config";
import { ProgressError, readProgress } from "../progress";
import { tar } from "../tar";
import { buildContext } from "./context";
import type { BuildInputs } from "./inputs";

const KEPT_LINES = 15;

/** Builds the image and gives its id; a failure says the step and what it wrote last. */
export async function buildImage(
  docker: DockerClient,
  config: DockerConfig,
  imageName: string,
  build: BuildInputs,
  log: Log,
): Promise<string> {
  const context = buildContext(build.context, build.dockerfile);
  let id: string | undefined;
  const output = new BuildOutput(log);
  try {
    const stream: NodeJS.ReadableStream = await docker.buildImage(Readable.from(tar(context.entries())), {
      t: imageName,
      dockerfile: context.dockerfile,
      rm: true,
      forcerm: true,
      // The first builder: it needs no session, and every engine has it.
      version: "1",
      ...(build.args !== undefined && { buildargs: build.args }),
      ...(build.target !== undefined && { target: build.target }),
      ...(build.network !== undefined && { networkmode: build.network }),
      ...(build.addHosts !== undefined && { extrahosts: build.addHosts.join(",") }),
      ...(build.cacheFrom?.images !== undefined && { cachefrom: JSON.stringify(build.cacheFrom.images) }),
      ...(build.platform !== undefined && build.platform !== hostPlatform() && { platform: build.platform }),
    });
    await readProgress(stream, ({ stream: text, aux }) => {
      if (typeof aux?.ID === "string") id = aux.ID;
      if (text !== undefined) output.add(text);
    });
  } catch (error) {
    if (error instanceof ProgressError) throw new Error(output.failure(error.message));
    throw new Error(`the build could not start (${reasonOf(error, config.host)})`);
  }
  if (id === undefined) throw new Error("the build ended without an image");
  return id;
}

export function hostPlatform(): string {
  const names: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", ia32: "386" };
  return `linux/${names[process.arch] ?? process.arch}`;
}

/** Follows the output line by line and remembers where it is. */
class BuildOutput {
  private step = "";
  private lines: string[] = [];
  private rest = "";

  constructor(private readonly log: Log) {}

  add(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line.trimEnd());
  }

  failure(reason: string): string {
    if (this.rest !== "") this.line(this.rest);
    const at = this.step === "" ? "the build failed" : `the build failed at ${this.step}`;
    const last =
      this.lines.length === 0 ? "" : ` Its last output:\n${this.lines.map((line) => `  ${line}`).join("\n")}`;
    return `${at}: ${reason}.${last}`;
  }

  private line(line: string): void {
    if (line.trim() === "") return;
    this.log("info", line, true);
    if (/^Step \d+\/\d+ : /.test(line)) {
      this.step = line.replace(/^Step (\d+\/\d+) : (.*)$/, 'step $1 "$2"');
      this.lines = [];
    } else if (!line.startsWith(" --->") && !line.startsWith("Removing intermediate container")) {
      this.lines.push(line);
      if (this.lines.length > KEPT_LINES) this.lines.shift();
    }
  }
}
