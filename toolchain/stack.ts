import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Toolchain } from "./env";
import { mustExec } from "./exec";

export interface StackPlace {
  /** Folder of the Pulumi project. */
  readonly program: string;
  /** Folder of the configuration with what only this machine needs. */
  readonly state: string;
}

export interface Ended {
  readonly code: number;
  /** Everything it said, both streams in the order they were heard. */
  readonly output: string;
}

/** A resource as the state holds it, in part. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface StackState {
  readonly resources?: readonly StateResource[];
  /** What a killed operation was at. */
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

type Operation = "up" | "destroy" | "cancel" | "preview";

/** A stack of this checkout, run by the pulumi command with this machine's tools. */
export class LocalStack {
  private constructor(
    private readonly toolchain: Toolchain,
    private readonly name: string,
    private readonly program: string,
    private readonly configFile: string,
  ) {}

  /**
   * Selects or makes the stack. What only this machine needs (its base images) goes into a copy of the committed
   * configuration, kept with the stack's state, so that the checkout stays clean. The program is the checkout's own,
   * and the state the cache's, unless `place` says otherwise.
   */
  static async open(
    toolchain: Toolchain,
    name: string,
    committed: string,
    place: StackPlace = { program: toolchain.checkout, state: toolchain.cache.state },
  ): Promise<LocalStack> {
    await mkdir(place.state, { recursive: true, mode: 0o700 });
    const configFile = join(place.state, `Pulumi.${name}.yaml`);
    const source = await readFile(resolve(place.program, committed), "utf8");
    const stack = new LocalStack(toolchain, name, place.program, configFile);
    const salt = saltOf(await readFile(configFile, "utf8").catch(() => "")) ?? (await stack.create());
    await writeFile(configFile, `${salt}\n${source}`);
    const images = Object.entries(toolchain.images ?? {});
    if (images.length > 0)
      await stack.configure(Object.fromEntries(images.map(([role, image]) => [`images.${role}`, image])));
    return stack;
  }

  /** Selects or makes the stack; pulumi writes its salt beside the program, from where it is taken out again. */
  private async create(): Promise<string> {
    const file = join(this.program, `Pulumi.${this.name}.yaml`);
    const before = await readFile(file, "utf8").catch(() => undefined);
    await mustExec("pulumi", ["stack", "select", "--create", this.name, "--non-interactive"], this.options);
    const salt = saltOf(await readFile(file, "utf8").catch(() => "")) ?? "";
    if (before === undefined) await rm(file, { force: true });
    else await writeFile(file, before);
    return salt;
  }

  /** Sets plain values by their path in the namespace "headgate". */
  async configure(values: Record<string, string | number>): Promise<void> {
    const settings = Object.entries(values).flatMap(([path, value]) => ["--plaintext", `headgate:${path}=${value}`]);
    await this.pulumi("config", "set-all", "--path", ...settings);
  }

  /** Runs an operation with its output on this terminal; the exit code tells how it ended. */
  async run(operation: Operation, ...args: string[]): Promise<number> {
    return (await this.operate(operation, args, "inherit")).code;
  }

  /** Runs an operation and gives what it said, for those who tell it in other words; `tell` gets each line. */
  collect(operation: Operation, args: readonly string[] = [], tell?: (line: string) => void): Promise<Ended> {
    return this.operate(operation, ["--color", "never", ...args], "pipe", tell);
  }

  private operate(
    operation: Operation,
    args: readonly string[],
    output: "inherit" | "pipe",
    tell?: (line: string) => void,
  ): Promise<Ended> {
    const confirmed = operation === "preview" ? [] : ["--yes"];
    const quick = operation === "up" ? ["--skip-preview"] : [];
    return new Promise((resolve, reject) => {
      // To cancel takes no configuration.
      const common = operation === "cancel" ? ["--stack", this.name, "--non-interactive"] : this.common();
      const child = spawn("pulumi", [operation, ...confirmed, ...quick, ...args, ...common], {
        cwd: this.program,
        env: { ...process.env, ...this.toolchain.env },
        stdio: ["inherit", output, output],
      });
      let said = "";
      for (const input of [child.stdout, child.stderr]) {
        if (input === null) continue;
        createInterface({ input }).on("line", (line) => {
          said += `${line}\n`;
          tell?.(line);
        });
      }
      // Ctrl-C reaches the child as well; its end is waited for.
      const ignore = (): void => {};
      process.on("SIGINT", ignore);
      child.on("error", reject);
      child.on("close", (code) => {
        process.off("SIGINT", ignore);
        resolve({ code: code ?? 1, output: said });
      });
    });
  }

  async outputs(): Promise<Record<string, unknown>> {
    const asked = ["stack", "output", "--json", "--stack", this.name, "--non-interactive"];
    return JSON.parse((await mustExec("pulumi", asked, this.options)).stdout) as Record<string, unknown>;
  }

  /** What the stack has made, with secrets encrypted. */
  async state(): Promise<StackState> {
    const { stdout } = await mustExec("pulumi", ["stack", "export", "--stack", this.name], this.options);
    return (JSON.parse(stdout) as { deployment: StackState }).deployment;
  }

  async remove(): Promise<void> {
    const removal = ["stack", "rm", this.name, "--yes", "--preserve-config", "--non-interactive"];
    await mustExec("pulumi", removal, this.options);
    await rm(this.configFile, { force: true });
  }

  private pulumi(...args: string[]): Promise<{ stdout: string }> {
    return mustExec("pulumi", [...args, ...this.common()], this.options);
  }

  private get options() {
    return { cwd: this.program, env: this.toolchain.env };
  }

  private common(): string[] {
    return ["--stack", this.name, "--config-file", this.configFile, "--non-interactive"];
  }
}

function saltOf(yaml: string): string | undefined {
  return yaml.split("\n").find((line) => line.startsWith("encryptionsalt:"));
}
