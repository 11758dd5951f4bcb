import type { LambdaRelease } from "../compile/lambda";

/** The default canary, 10, 25, 50 and 75 % for 300 s each. */
export const lambdaDefaultCanary: LambdaRelease = {
  deploymentConfig: {
    computePlatform: "Lambda",
    trafficRoutingConfig: { type: "TimeBasedLinear", timeBasedLinear: { interval: 5, percentage: 10 } },
  },
  deploymentGroup: {
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    alarmConfiguration: { enabled: true, ignorePollAlarmFailure: false },
  },
  appSpecHooks: {},
};
