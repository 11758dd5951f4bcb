import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";

/** What a resource says of rights in AWS. */
export interface Rights {
  /** Statements of the documents that give rights to who has them. */
  granted: readonly Part[];
  /** Statements of the documents that say who may take the role. */
  trusted: readonly Part[];
  /** ARNs of policies that are attached. */
  attached: readonly Part[];
}

/** Elements of what may be one value or a list of them: the grammar of policies allows both nearly everywhere. */
export function each(place: Cursor): Cursor[] {
  const items = place.items();
  return items.length > 0 ? items : [place];
}

/** Whether one of them passes the test: a known one counts, whatever is unknown beside it. @throws UnknownValue */
export const any = (place: Cursor, test: (value: Cursor) => boolean): boolean =>
  place.items().length > 0 ? place.some(test) : test(place);

/** Statements of a policy's document, which providers take as a text of JSON or as an object. */
export function statementsOf(document: Cursor): Part[] {
  const statements = document.json().at("Statement");
  const list = statements.items();
  const single = list.length === 0 && statements.entries().length > 0 ? [statements] : [];
  return [...list, ...single].map((item) => new Part(item, "a statement"));
}

const attachedBy = (place: Cursor): Part => new Part(place, "an attached policy");

/** The fields of each kind that hold documents and ARNs. */
const KINDS: Readonly<Record<string, (object: Cursor) => Partial<Rights>>> = {
  "aws:iam/policy:Policy": (object) => ({ granted: statementsOf(object.at("policy")) }),
  "aws:iam/rolePolicy:RolePolicy": (object) => ({ granted: statementsOf(object.at("policy")) }),
  "aws:iam/userPolicy:UserPolicy": (object) => ({ granted: statementsOf(object.at("policy")) }),
  "aws:iam/groupPolicy:GroupPolicy": (object) => ({ granted: statementsOf(object.at("policy")) }),
  "aws:iam/role:Role": (object) => ({
    trusted: statementsOf(object.at("assumeRolePolicy")),
    granted: object
      .at("inlinePolicies")
      .items()
      .flatMap((item) => statementsOf(item.at("policy"))),
    attached: object.at("managedPolicyArns").items().map(attachedBy),
  }),
  "aws:iam/policyAttachment:PolicyAttachment": (object) => ({ attached: [attachedBy(object.at("policyArn"))] }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (object) => ({
    attached: [attachedBy(object.at("policyArn"))],
  }),
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": (object) => ({
    attached: [attachedBy(object.at("policyArn"))],
  }),
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": (object) => ({
    attached: [attachedBy(object.at("policyArn"))],
  }),
};

/** Roles, policies and their attachments in AWS. */
export const awsRights: Model<Rights> = {
  name: "roles and policies of AWS",
  accepts: (type) => Object.hasOwn(KINDS, type),
  of(resource) {
    const object = Cursor.root(resource);
    return { granted: [], trusted: [], attached: [], ...KINDS[resource.type]?.(object) };
  },
};

/** @throws UnknownValue */
export const isAllow = (statement: Part): boolean => statement.at("Effect").read() === "Allow";

/**
 * Whether a pattern of actions covers an action. `*` stands for any characters, `?` for one; case does not count.
 * Goes back to the last star only, so that no pattern takes long.
 */
export function covers(pattern: string, action: string): boolean {
  const [wanted, text] = [pattern.toLowerCase(), action.toLowerCase()];
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    if (wanted[at] === "*") {
      star = at++;
      resume = index;
    } else if (wanted[at] === "?" || wanted[at] === text[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}

/** Whether a statement names an action by one of its patterns. @throws UnknownValue */
export const allowsAction = (statement: Part, action: string): boolean =>
  any(statement.at("Action"), (value) => covers(value.text() ?? "", action));

export interface Condition {
  /** "StringEquals". */
  operator: string;
  /** In lower case: keys have none. */
  key: string;
  values: Cursor;
}

/** What a statement asks for besides. @throws UnknownValue */
export function conditionsOf(statement: Part): Condition[] {
  return statement
    .at("Condition")
    .entries()
    .flatMap(([operator, keys]) =>
      keys.entries().map(([key, values]) => {
        if (keys.unknown) keys.read();
        return { operator, key: key.toLowerCase(), values };
      }),
    );
}

/** Whether a statement is about everything. What it only leaves out is nearly that. @throws UnknownValue */
export const isOnEverything = (statement: Part): boolean =>
  statement.at("NotResource").present() ||
  any(statement.at("Resource"), (value) => /^(arn:)?[*:]+$/.test(value.text() ?? ""));
