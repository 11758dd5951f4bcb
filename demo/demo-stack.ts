import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Time a command gets to end after being asked to, before it is asked again, then killed. */
const INTERRUPT_MS = 20_000;

/** How a command ended. */
export interface Ended {
  exitCode: number;
  /** Everything it said, both streams in the order they were heard. */
  output: string;
}

/** A Pulumi command that had to succeed did not. */
export class PulumiFailed extends Error {
  constructor(command: string, { exitCode, output }: Ended) {
    super(`${command} ended with ${exitCode}:\n${output.trim()}`);
    this.name = "PulumiFailed";
  }
}

/** The demo's own stack of the project, by way of the `pulumi` command, so that every step can be done by hand too. */
export class DemoStack {
  private running: ChildProcess | undefined;
  /** Settles when no command runs. */
  private idle: Promise<unknown> = Promise.resolve();
  private interrupted = false;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Whether a demo that could not clean up has left the stack. */
  async exists(): Promise<boolean> {
    const listed: unknown = JSON.parse((await this.must(["stack", "ls", "--json"])).output);
    if (!Array.isArray(listed)) throw new Error(`pulumi stack ls answered no list (got ${JSON.stringify(listed)})`);
    return listed.some(({ name }: { name: string }) => name.split("/").at(-1) === this.name);
  }

  async create(): Promise<void> {
    await this.must(["stack", "init", this.name, "--no-select"]);
  }

  /** Sets plain values; a key may be a path: "headgate:ports.http". */
  async configure(values: Record<string, string>): Promise<void> {
    const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await this.must(["config", "set-all", "--stack", this.name, "--path", ...pairs]);
  }

  /** Runs `pulumi up` and tells its lines as they come. A failure is a result, not an error. */
  up(tell: (line: string) => void): Promise<Ended> {
    return this.run(["up", "--stack", this.name, "--yes", "--skip-preview", "--suppress-outputs"], tell);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const found: unknown = JSON.parse((await this.must(["stack", "output", "--stack", this.name, "--json"])).output);
    return { ...(found as Record<string, unknown>) };
  }

  /** Destroys everything in the stack, then the stack with its configuration; after an interruption as well. */
  async destroy(): Promise<void> {
    const mayBeLocked = this.interrupted;
    this.interrupted = false;
    await this.idle;
    // A command that was killed has left its lock; where there is none, cancelling does nothing.
    if (mayBeLocked) await this.run(["cancel", "--yes", "--stack", this.name]);
    await this.must(["destroy", "--stack", this.name, "--yes", "--skip-preview", "--suppress-outputs"]);
    await this.must(["stack", "rm", this.name, "--yes"]);
  }

  /** Ends the command that runs, gently first, and lets none start but those of `destroy`. */
  async interrupt(): Promise<void> {
    this.interrupted = true;
    for (const signal of ["SIGINT", "SIGINT", "SIGKILL"] as const) {
      this.running?.kill(signal);
      const patience = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), INTERRUPT_MS).unref());
      if ((await Promise.race([this.idle, patience])) !== "late") return;
    }
  }

  private async must(args: string[]): Promise<Ended> {
    const ended = await this.run(args);
    if (ended.exitCode !== 0) throw new PulumiFailed(`pulumi ${args.slice(0, 2).join(" ")}`, ended);
    return ended;
  }

  private run(args: string[], tell?: (line: string) => void): Promise<Ended> {
    if (this.interrupted) return Promise.reject(new Error(`interrupted before pulumi ${args.slice(0, 2).join(" ")}`));
    const ended = new Promise<Ended>((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
        cwd: this.folder,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
        // Ctrl-C at the terminal goes to this program alone, which asks the command to end once.
        detached: true,
      });
      this.running = child;
      const lines: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          lines.push(line);
          tell?.(line);
        });
      }
      child.on("error", reject);
      child.on("close", (code) => {
        this.running = undefined;
        resolve({ exitCode: code ?? 1, output: lines.join("\n") });
      });
    });
    this.idle = ended.catch(() => {});
    return ended;
  }
}
