/** What one kind of custom resource does, in compiled code that the provider process loads by name. */
export interface DelegateProvider<Inputs, Outputs> {
  /** What speaks against the inputs, in a preview too: whole sentences. Only for `checkedKinds`, and only once all inputs are known. */
  check?(inputs: Inputs): Promise<string[]>;
  diff(olds: Outputs, news: Inputs): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Inputs): Promise<{ id: string; outs: Outputs }>;
  update(id: string, olds: Outputs, inputs: Inputs): Promise<{ outs: Outputs }>;
  /** An empty id: it is gone. */
  read(id: string, props: Outputs): Promise<{ id: string; props: Outputs }>;
  delete(id: string, props: Outputs): Promise<void>;
}

/** What the engine hands over in a preview for a value that is known only later. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * A provider as the dynamic provider process asks for it: that hands over inputs as they are recorded, and `diff` has
 * the resource's id in front, which none needs.
 */
export function asked(provider: DelegateProvider<never, never>): object {
  const { check, diff, ...others } = provider;
  const asked = { ...others, diff: (_id: string, olds: never, news: never) => diff(olds, news) };
  if (check === undefined) return asked;
  return {
    ...asked,
    check: async (_olds: never, news: never) => {
      const reasons = JSON.stringify(news).includes(UNKNOWN) ? [] : await check(news);
      // Without a property the engine shows no value, which may be a secret.
      return { inputs: news, failures: reasons.map((reason) => ({ property: "", reason })) };
    },
  };
}
