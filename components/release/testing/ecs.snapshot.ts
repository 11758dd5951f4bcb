import type { EcsRelease } from "../compile/ecs";

/** The default canary, 10, 25, 50 and 75 % for 300 s each, of a service with four copies. */
export const ecsDefaultCanary: EcsRelease = {
  deploymentController: { type: "ECS" },
  deploymentConfiguration: {
    strategy: "LINEAR",
    linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: "5" },
    bakeTimeInMinutes: "5",
  },
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  deploymentCircuitBreaker: { enable: true, rollback: true },
  alarms: { enable: true, rollback: true },
  desiredCount: 4,
  waitForSteadyState: true,
  sigintRollback: true,
};
