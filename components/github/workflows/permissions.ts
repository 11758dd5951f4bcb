import type { Permissions } from "./workflow";

// Each with its reason: a reader sees in the file why a token may do what it may.
export const readSources: Permissions = { contents: { access: "read", why: "check out the sources" } };
export const takeIdentity: Permissions = {
  "id-token": { access: "write", why: "be known to the cloud without a stored key" },
};
export const writeFindings: Permissions = {
  actions: { access: "read", why: "name the run beside the findings" },
  "security-events": { access: "write", why: "publish findings as alerts" },
};
export const writePackages: Permissions = { packages: { access: "write", why: "publish images" } };
export const readPackages: Permissions = { packages: { access: "read", why: "fetch images" } };
export const attest: Permissions = { attestations: { access: "write", why: "publish how images were built" } };
export const readAttestations: Permissions = { attestations: { access: "read", why: "see who vouched for an image" } };
export const signAsRun: Permissions = { "id-token": { access: "write", why: "sign as this workflow" } };
