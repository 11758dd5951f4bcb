import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  type Deployment,
  type EngineEvent,
  fullyQualifiedStackName,
  LocalWorkspace,
  type OutputMap,
  Stack,
} from "@pulumi/pulumi/automation";
import { MemoryCloud } from "../providers/memory/cloud";
import type { EngineOptions, OperationOptions } from "./options";
import { installPlugins, type UsedPlugin } from "./plugins";
import { changesOf, diagnosticsOf, EngineError, type Operation, type OperationResult, plainOutputs } from "./result";
import { RunningOperation } from "./running";
import { createWorkspace, projectSettings, pulumiCommand, readState, type Workspace } from "./workspace";

/** A resource as the state holds it. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  parent?: string;
  delete?: boolean;
  initErrors?: string[];
}

export interface State {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

/**
 * A Pulumi engine of its own for one stack: its state, its home and its plugins lie in a temporary folder. Destroys
 * what the stack made and removes the folder when it is disposed.
 */
export class Engine implements AsyncDisposable {
  private readonly running = new Set<RunningOperation>();
  private readonly aborts = new Set<AbortController>();
  private sequence = 0;

  private constructor(
    private readonly workspace: Workspace,
    private readonly stack: Stack,
    readonly project: string,
    private readonly options: EngineOptions,
    /** Which plugin serves which package. */
    readonly plugins: UsedPlugin[],
    /** Objects, calls and faults of the `memory` plugins. */
    readonly cloud: MemoryCloud,
  ) {}

  /** Throws when a tool is missing, naming it. */
  static async create(options: EngineOptions): Promise<Engine> {
    const workspace = createWorkspace(options);
    try {
      const plugins = installPlugins(workspace.home, options.plugins ?? [], workspace.packages);
      const settings = await projectSettings(workspace, options);
      const local = await LocalWorkspace.create({
        workDir: workspace.project,
        pulumiHome: workspace.home,
        envVars: workspace.env,
        pulumiCommand: await pulumiCommand(),
        projectSettings: settings,
        ...(options.program !== undefined && { program: options.program }),
      });
      const name = options.stack ?? `test${randomBytes(3).toString("hex")}`;
      const stack = await Stack.create(fullyQualifiedStackName("organization", settings.name, name), local);
      const qualified = (key: string) => (key.includes(":") ? key : `${settings.name}:${key}`);
      const values = Object.fromEntries([
        ...Object.entries(options.config ?? {}).map(([key, value]) => [qualified(key), { value }]),
        ...Object.entries(options.secretConfig ?? {}).map(([key, value]) => [qualified(key), { value, secret: true }]),
      ]);
      if (Object.keys(values).length > 0) await stack.setAllConfig(values);
      return new Engine(workspace, stack, settings.name, options, plugins, new MemoryCloud(workspace.cloud));
    } catch (error) {
      rmSync(workspace.root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Name of the stack, without organization and project. */
  get stackName(): string {
    return this.stack.name.split("/").pop() ?? this.stack.name;
  }

  /** The temporary folder of everything the engine keeps. */
  get folder(): string {
    return this.workspace.root;
  }

  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("up", options, async (common) => {
      const { outputs } = await this.stack.up({ ...common, ...this.changing(options) });
      return outputs;
    });
  }

  preview(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("preview", options, async (common) => {
      await this.stack.preview({ ...common, ...this.changing(options) });
      return {};
    });
  }

  refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("refresh", options, async (common) => {
      const { clearPendingCreates = false } = options;
      await this.stack.refresh({ ...common, ...(clearPendingCreates && { clearPendingCreates }) });
      return {};
    });
  }

  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("destroy", options, async (common) => {
      await this.stack.destroy({ ...common, ...(options.refresh !== undefined && { refresh: options.refresh }) });
      return {};
    });
  }

  /** Clears the lock that a killed operation left. */
  async cancel(): Promise<void> {
    await this.stack.cancel();
  }

  /** Sets one value of the configuration. */
  async setConfig(key: string, value: string, secret = false): Promise<void> {
    await this.stack.setConfig(key.includes(":") ? key : `${this.project}:${key}`, { value, secret });
  }

  /** Replaces an inline program, for the next operation. */
  setProgram(program: NonNullable<EngineOptions["program"]>): void {
    if (this.options.program === undefined) throw new Error("Engine: only an inline program can be replaced.");
    this.stack.workspace.program = program;
  }

  async outputs(): Promise<Record<string, unknown>> {
    return plainOutputs(await this.stack.outputs());
  }

  /** The state as the engine exports it, with secrets encrypted. */
  async exportState(): Promise<State> {
    const exported: Deployment = await this.stack.exportStack();
    return exported.deployment as State;
  }

  /** The state's file, to be searched for what must not be in it. */
  stateText(): string {
    return readState(this.workspace, this.project, this.stackName);
  }

  /**
   * Starts an operation in processes of its own, for a test that interrupts or kills it. Needs a program of a folder:
   * an inline one runs in the test's own process.
   */
  start(
    operation: Operation,
    options: Pick<OperationOptions, "onEvent" | "parallel" | "refresh"> = {},
  ): RunningOperation {
    if (this.options.workDir === undefined)
      throw new Error("Engine: start() needs workDir. An inline program cannot be killed.");
    const eventLog = join(this.workspace.root, `events-${this.sequence++}.jsonl`);
    const args = [
      operation,
      ...(operation === "preview" ? [] : ["--yes", "--skip-preview"]),
      ...["--non-interactive", "--color", "never", "--stack", this.stack.name, "--event-log", eventLog],
      ...(options.parallel === undefined ? [] : ["--parallel", String(options.parallel)]),
      ...(options.refresh === true ? ["--refresh"] : []),
      ...(operation === "up" || operation === "preview"
        ? [
            ...(this.options.policyPacks ?? []).flatMap((pack) => ["--policy-pack", pack]),
            ...(this.options.policyPackConfigs ?? []).flatMap((file) => ["--policy-pack-config", file]),
          ]
        : []),
    ];
    // The event log is an option for tools, which the engine offers on demand.
    const env = { ...process.env, ...this.workspace.env, PULUMI_DEBUG_COMMANDS: "true" };
    const run = new RunningOperation("pulumi", args, { cwd: this.workspace.project, env }, eventLog, options.onEvent);
    this.running.add(run);
    void run.done.then(() => this.running.delete(run));
    return run;
  }

  /** Ends what runs, destroys what the stack made, and removes every file. Throws when something could not be destroyed. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const abort of this.aborts) abort.abort();
      await Promise.all([...this.running].map((run) => run.kill("SIGKILL")));
      // The file itself, since asking the engine takes as long as a small operation.
      const { checkpoint } = JSON.parse(this.stateText()) as { checkpoint: { latest?: State | null } };
      const { resources = [], pending_operations: pending = [] } = checkpoint.latest ?? {};
      this.cloud.clearFaults();
      if (resources.some(({ custom }) => custom) || pending.length > 0) {
        await this.cancel();
        if (pending.length > 0) await this.refresh({ clearPendingCreates: true });
        await this.destroy();
      }
    } finally {
      rmSync(this.workspace.root, { recursive: true, force: true });
    }
  }

  private changing(options: OperationOptions) {
    return {
      ...(this.options.policyPacks !== undefined && { policyPacks: this.options.policyPacks }),
      ...(this.options.policyPackConfigs !== undefined && { policyPackConfigs: this.options.policyPackConfigs }),
      ...(options.expectNoChanges !== undefined && { expectNoChanges: options.expectNoChanges }),
      ...(options.refresh !== undefined && { refresh: options.refresh }),
    };
  }

  private async run(
    operation: Operation,
    options: OperationOptions,
    work: (common: CommonOptions) => Promise<OutputMap>,
  ): Promise<OperationResult> {
    let [stdout, stderr] = ["", ""];
    const events: EngineEvent[] = [];
    const abort = new AbortController();
    this.aborts.add(abort);
    try {
      const outputs = await work({
        color: "never",
        signal: abort.signal,
        onOutput: (text) => {
          stdout += text;
          options.onOutput?.(text);
        },
        onError: (text) => {
          stderr += text;
        },
        onEvent: (event) => {
          events.push(event);
          options.onEvent?.(event);
        },
        ...(options.target !== undefined && { target: options.target }),
        ...(options.parallel !== undefined && { parallel: options.parallel }),
      });
      return { stdout, stderr, exitCode: 0, changes: changesOf(events), events, outputs: plainOutputs(outputs) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = /failed with exit code (\d+)/.exec(message)?.[1];
      throw new EngineError(
        operation,
        code === undefined ? undefined : Number(code),
        stdout,
        stderr || message,
        diagnosticsOf(events),
        events,
      );
    } finally {
      this.aborts.delete(abort);
    }
  }
}

interface CommonOptions {
  color: "never";
  signal: AbortSignal;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  onEvent: (event: EngineEvent) => void;
  target?: string[];
  parallel?: number;
}
