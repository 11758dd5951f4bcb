import type { PipelinePlan } from "../../pipeline/plan";
import { type ActionPins, type PinnedAction, pinned } from "../pins/pins";

/** What every workflow is written from. */
export class Emitter {
  constructor(
    readonly plan: PipelinePlan,
    private readonly pins: ActionPins = {},
  ) {}

  /** An action at its pinned commit. Throws when it has no pin. */
  use(action: string): PinnedAction {
    return pinned(action, this.pins);
  }

  /**
   * Whether checks may take packages from a cache that other runs wrote. A branch that is named as a release's is
   * taken for one, also by those who look at workflows.
   */
  get mayCache(): boolean {
    const { production, integration } = this.plan.branches;
    return ![production, integration].some((branch) => branch?.includes("release"));
  }
}
