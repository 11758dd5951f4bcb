import type { app } from "@pulumi/azure-native/types/input";

/** The new version starts without traffic. */
export const containerAppsDefaultConfiguration: app.ConfigurationArgs = {
  activeRevisionsMode: "Multiple",
  maxInactiveRevisions: 3,
  ingress: {
    traffic: [
      { label: "new", latestRevision: true, weight: 0 },
      { label: "old", weight: 100 },
    ],
  },
};

/** What the driver sends one after another, 300 s each, in the default canary. */
export const containerAppsDefaultSplits: app.TrafficWeightArgs[][] = [
  [
    { label: "new", latestRevision: true, weight: 10 },
    { label: "old", weight: 90 },
  ],
  [
    { label: "new", latestRevision: true, weight: 25 },
    { label: "old", weight: 75 },
  ],
  [
    { label: "new", latestRevision: true, weight: 50 },
    { label: "old", weight: 50 },
  ],
  [
    { label: "new", latestRevision: true, weight: 75 },
    { label: "old", weight: 25 },
  ],
];

/** All traffic to the new version. */
export const containerAppsDefaultPromoted: app.TrafficWeightArgs[] = [
  { label: "new", latestRevision: true, weight: 100 },
  { label: "old", weight: 0 },
];
