import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { endSession, signalSession } from "./processes";
import { changesOf } from "./result";

const EVENT_LOOK_MILLIS = 50;

export interface RunEnd {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  events: EngineEvent[];
  changes: Record<string, number>;
}

/** An operation in processes of its own, which a test can wait for, interrupt and kill. */
export class RunningOperation {
  readonly pid: number;
  /** Resolves when the engine has ended, however it did. */
  readonly done: Promise<RunEnd>;
  private readonly child: ChildProcess;
  private readonly news = new EventEmitter();
  private stdout = "";
  private stderr = "";
  private readonly events: EngineEvent[] = [];
  private ended = false;

  constructor(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv },
    eventLog: string,
    private readonly onEvent: (event: EngineEvent) => void = () => {},
  ) {
    // A session of its own holds everything the engine starts.
    this.child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    if (this.child.pid === undefined) throw new Error(`Cannot start ${command}.`);
    this.pid = this.child.pid;
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.news.emit("news");
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.news.emit("news");
    });
    this.done = this.follow(eventLog);
  }

  /** What the engine has written so far. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /** Resolves when the output matches; rejects when it does not in time, or the operation ends without it. */
  async waitFor(pattern: RegExp | string, timeoutMillis = 60_000): Promise<void> {
    const found = () => (typeof pattern === "string" ? this.output.includes(pattern) : pattern.test(this.output));
    await this.until(found, timeoutMillis, `output ${pattern}`);
  }

  /** Resolves with the first event, past or future, that the predicate accepts. */
  async waitForEvent(predicate: (event: EngineEvent) => boolean, timeoutMillis = 60_000): Promise<EngineEvent> {
    await this.until(() => this.events.some(predicate), timeoutMillis, "the event");
    return this.events.find(predicate) as EngineEvent;
  }

  /** Signals everything: the engine, the language host, the program and the plugins. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<RunEnd> {
    if (signal === "SIGKILL") await endSession(this.pid);
    else signalSession(this.pid, signal);
    return this.done;
  }

  /** Signals the engine alone, as Ctrl-C on its terminal's process does. */
  interrupt(signal: NodeJS.Signals = "SIGINT"): void {
    this.child.kill(signal);
  }

  private until(found: () => boolean, timeoutMillis: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.news.off("news", look);
      };
      const fail = (why: string) => {
        stop();
        reject(new Error(`${what} did not come: ${why}. Output so far:\n${this.output}`));
      };
      const look = () => {
        if (found()) {
          stop();
          resolve();
        } else if (this.ended) fail("the operation ended");
      };
      const timer = setTimeout(() => fail(`${timeoutMillis} ms passed`), timeoutMillis);
      this.news.on("news", look);
      look();
    });
  }

  private async follow(eventLog: string): Promise<RunEnd> {
    const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.child.once("close", (code, signal) => resolve([code, signal]));
    });
    let over = false;
    void exit.then(() => {
      over = true;
    });
    const log = new EventLog(eventLog);
    while (!over) {
      await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, EVENT_LOOK_MILLIS))]);
      for (const event of await log.read()) {
        this.events.push(event);
        this.onEvent(event);
      }
      this.news.emit("news");
    }
    const [exitCode, signal] = await exit;
    await endSession(this.pid);
    this.ended = true;
    this.news.emit("news");
    return {
      exitCode,
      signal,
      stdout: this.stdout,
      stderr: this.stderr,
      events: this.events,
      changes: changesOf(this.events),
    };
  }
}

/** Reads the engine's event log as it grows. */
class EventLog {
  private offset = 0;
  private rest = "";

  constructor(private readonly path: string) {}

  async read(): Promise<EngineEvent[]> {
    if (!existsSync(this.path)) return [];
    const file = await open(this.path);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, size - this.offset));
      await file.read(buffer, 0, buffer.length, this.offset);
      this.offset = size;
      const lines = (this.rest + buffer.toString()).split("\n");
      this.rest = lines.pop() ?? "";
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
    } finally {
      await file.close();
    }
  }
}
