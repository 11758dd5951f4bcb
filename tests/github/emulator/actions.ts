import { problem, type Route } from "./route";
import { vaultRoutes } from "./vault";

const ACTIONS = "/repos/{owner}/{repo}/actions";
const SELECTED = `${ACTIONS}/permissions/selected-actions`;

/** What GitHub Actions may do in a repository, and what its runs get. */
export const actionsRoutes: Route[] = [
  ...vaultRoutes(`${ACTIONS}/secrets`, `${ACTIONS}/variables`, ({ repository }) => repository.vault),
  { route: `GET ${ACTIONS}/permissions`, handle: ({ repository }) => ({ status: 200, body: repository.permissions }) },
  {
    route: `PUT ${ACTIONS}/permissions`,
    handle: ({ repository, body }) => {
      if (typeof body["enabled"] !== "boolean") return problem(422, 'Invalid request.\n\n"enabled" wasn\'t supplied.');
      // What is not said stays.
      repository.permissions = { ...repository.permissions, ...(body as object) };
      return { status: 204 };
    },
  },
  {
    route: `GET ${SELECTED}`,
    handle: ({ repository }) =>
      repository.permissions.allowed_actions === "selected"
        ? { status: 200, body: repository.selected }
        : problem(409, "Conflict"),
  },
  {
    route: `PUT ${SELECTED}`,
    handle: ({ repository, body }) => {
      if (repository.permissions.allowed_actions !== "selected") return problem(409, "Conflict");
      repository.selected = { ...repository.selected, ...(body as object) };
      return { status: 204 };
    },
  },
  {
    route: `GET ${ACTIONS}/oidc/customization/sub`,
    handle: ({ repository }) => ({ status: 200, body: repository.subject }),
  },
  {
    route: `PUT ${ACTIONS}/oidc/customization/sub`,
    handle: ({ repository, body }) => {
      const { use_default, include_claim_keys } = body as { use_default?: boolean; include_claim_keys?: string[] };
      if (typeof use_default !== "boolean") return problem(422, 'Invalid request.\n\n"use_default" wasn\'t supplied.');
      repository.subject = { use_default, ...(include_claim_keys && { include_claim_keys }) };
      return { status: 201, body: {} };
    },
  },
];
