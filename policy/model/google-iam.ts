import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";

/** Members to whom a resource of Google Cloud gives a role: of a Member, a Binding or a Policy. */
export function membersOf(object: Part): Part[] {
  const bindings = object.at("policyData").json().at("bindings").items();
  const places = [
    object.at("member"),
    ...object.at("members").items(),
    ...bindings.flatMap((binding) => binding.at("members").items()),
  ];
  return places.map((place) => new Part(place, object.label));
}

/** Everybody, or everybody with an account of Google. @throws UnknownValue */
export const isEverybody = (member: Cursor): boolean => {
  const name = member.read();
  return name === "allUsers" || name === "allAuthenticatedUsers";
};
