import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Toolchain } from "./env";
import { mustExec } from "./exec";

/** A stack of this checkout, run by the pulumi command with this machine's tools. */
export class LocalStack {
  private constructor(
    private readonly toolchain: Toolchain,
    private readonly name: string,
    private readonly configFile: string,
  ) {}

  /**
   * Selects or makes the stack. What only this machine needs (its base images) goes into a copy of the committed
   * configuration, kept with the stack's state, so that the checkout stays clean.
   */
  static async open(toolchain: Toolchain, name: string, committed: string): Promise<LocalStack> {
    await mkdir(toolchain.cache.state, { recursive: true, mode: 0o700 });
    const configFile = join(toolchain.cache.state, `Pulumi.${name}.yaml`);
    const source = await readFile(join(toolchain.checkout, committed), "utf8");
    const stack = new LocalStack(toolchain, name, configFile);
    const salt = saltOf(await readFile(configFile, "utf8").catch(() => "")) ?? (await stack.create());
    await writeFile(configFile, `${salt}\n${source}`);
    const images = Object.entries(toolchain.images ?? {});
    if (images.length > 0)
      await stack.configure(Object.fromEntries(images.map(([role, image]) => [`images.${role}`, image])));
    return stack;
  }

  /** Selects or makes the stack; pulumi writes its salt into the checkout, from where it is taken out again. */
  private async create(): Promise<string> {
    const file = join(this.toolchain.checkout, `Pulumi.${this.name}.yaml`);
    const before = await readFile(file, "utf8").catch(() => undefined);
    const { checkout, env } = this.toolchain;
    await mustExec("pulumi", ["stack", "select", "--create", this.name, "--non-interactive"], { cwd: checkout, env });
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
  run(operation: "up" | "destroy" | "cancel" | "preview", ...args: string[]): Promise<number> {
    const confirmed = operation === "preview" ? [] : ["--yes"];
    const quick = operation === "up" ? ["--skip-preview"] : [];
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [operation, ...confirmed, ...quick, ...args, ...this.common()], {
        cwd: this.toolchain.checkout,
        env: { ...process.env, ...this.toolchain.env },
        stdio: "inherit",
      });
      // Ctrl-C reaches the child as well; its end is waited for.
      const ignore = (): void => {};
      process.on("SIGINT", ignore);
      child.on("error", reject);
      child.on("close", (code) => {
        process.off("SIGINT", ignore);
        resolve(code ?? 1);
      });
    });
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await mustExec(
      "pulumi",
      ["stack", "output", "--json", "--stack", this.name, "--non-interactive"],
      {
        cwd: this.toolchain.checkout,
        env: this.toolchain.env,
      },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async remove(): Promise<void> {
    await mustExec("pulumi", ["stack", "rm", this.name, "--yes", "--preserve-config", "--non-interactive"], {
      cwd: this.toolchain.checkout,
      env: this.toolchain.env,
    });
    await rm(this.configFile, { force: true });
  }

  private pulumi(...args: string[]): Promise<{ stdout: string }> {
    return mustExec("pulumi", [...args, ...this.common()], {
      cwd: this.toolchain.checkout,
      env: this.toolchain.env,
    });
  }

  private common(): string[] {
    return ["--stack", this.name, "--config-file", this.configFile, "--non-interactive"];
  }
}

function saltOf(yaml: string): string | undefined {
  return yaml.split("\n").find((line) => line.startsWith("encryptionsalt:"));
}
