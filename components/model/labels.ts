import { pattern } from "./fields";

/** A DNS subdomain and a slash where there is one, then a name. Source: kubernetes.io, "Labels and Selectors". */
export const labelKeys =
  /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

export const labelName = {
  keys: labelKeys,
  problem: "is no name of a label",
  fix: 'Write "pool" or "example.com/pool"',
};

export const labelValue = pattern(
  /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/,
  "must be at most 63 letters, digits, dashes, dots and underscores, with a letter or digit first and last",
  'Write "shop", for example',
);
