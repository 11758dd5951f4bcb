import { expect } from "vitest";
import { type Load, startLoad } from "../../demo/load";
import { copies, TestStack, versionsSeen } from "./harness";

/** Time beyond its plan that a release may take to end when somebody was killed. */
export const GRACE_SECONDS = 30;
/** Holds, bake, start and draining of QUICK_CANARY. */
export const PLANNED_SECONDS = 4 + 4 + 2 + 10 + 10;

/** Points of a release, by the line that `up` prints when it gets there. */
export const POINTS: [point: string, line: RegExp][] = [
  ["when it begins", /revision \d+ begins/],
  ["while its copies start", /copies started/],
  ["at the first step", /10 % {2}for/],
  ["at the second step", /50 % {2}for/],
  ["while the old version is kept warm", /100 % {2}the old version stays warm/],
];

/** A stack under load whose releases are disturbed. */
export class DisturbedStack implements AsyncDisposable {
  private minor = 0;

  private constructor(
    readonly stack: TestStack,
    readonly handle: Awaited<ReturnType<TestStack["handle"]>>,
    private readonly load: Load,
  ) {}

  static async create(): Promise<DisturbedStack> {
    const stack = await TestStack.create();
    await stack.engine.up();
    const load = startLoad({ url: stack.url, ratePerSecond: 60, connections: 10 });
    return new DisturbedStack(stack, await stack.handle(), load);
  }

  /** Sets the next version to release. */
  async next(): Promise<string> {
    this.minor += 1;
    const version = `1.${this.minor}.0`;
    await this.stack.version(version);
    return version;
  }

  /** What must hold however a release was disturbed: one version has all traffic, and the next up converges. */
  async expectConverged(version: string, plannedSeconds = PLANNED_SECONDS): Promise<void> {
    const { stack, handle } = this;
    await stack.ended(handle.guard, plannedSeconds + GRACE_SECONDS);
    const settled = Object.keys(await versionsSeen(stack.url, 20));
    expect(settled).toHaveLength(1);
    expect(settled[0]).toMatch(/^\d+\.\d+\.\d+$/);
    await stack.engine.up();
    expect(await versionsSeen(stack.url, 20)).toEqual({ [version]: 20 });
    const { stable } = await stack.service(handle.guard);
    expect(await copies(handle.prefix)).toEqual([`r${stable?.revision}-1`, `r${stable?.revision}-2`]);
    await stack.engine.preview({ expectNoChanges: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.load.stop();
    await this.stack[Symbol.asyncDispose]();
  }
}
