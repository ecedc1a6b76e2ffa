import { readJson } from './project.ts';

/** A parameter of a compiled template. */
interface TemplateParameter {
  readonly type?: string;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[];
}

/** A resource of a compiled template; of a module, `properties.template` is its own template. */
interface TemplateResource {
  readonly type: string;
  readonly apiVersion?: string;
  readonly condition?: string;
  readonly existing?: boolean;
  readonly dependsOn?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * A compiled template: what Azure would be given. Values in brackets are expressions, everything
 * else is literal.
 */
interface Template {
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
}

/** The template that is deployed; `npm run bicep` compares it with the sources. */
export const template = toTemplate(await readJson('infra/main.json'));

/** The compiled module that the names lead to, such as `registrations`, `api`. */
export function moduleAt(...names: readonly string[]): Template {
  return names.reduce(
    (outer, name) => toTemplate(moduleResource(outer, name).properties?.template),
    template,
  );
}

/** What the caller of a module of the main template gives it, by parameter. */
export function paramsOf(name: string): Readonly<Record<string, { readonly value: unknown }>> {
  return record(moduleResource(template, name).properties?.parameters);
}

/** Every template of the deployment, the modules' included. */
export function allTemplates(outer = template): readonly Template[] {
  const inner = Object.values(outer.resources).flatMap(({ properties }) =>
    properties?.template === undefined ? [] : allTemplates(toTemplate(properties.template)),
  );
  return [outer, ...inner];
}

function moduleResource(outer: Template, name: string): TemplateResource {
  const found = outer.resources[name];
  if (found?.type !== 'Microsoft.Resources/deployments') throw new Error(`No module ${name}.`);
  return found;
}

/**
 * Resources without references between them are compiled to a list, the others to an object by
 * their symbolic names.
 */
function toTemplate(value: unknown): Template {
  const { parameters, variables, resources, outputs } = record(value);
  return {
    parameters: record(parameters ?? {}),
    variables: record(variables ?? {}),
    resources: record(resources),
    outputs: record(outputs ?? {}),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a compiled template is JSON of known shape.
function record(value: unknown): any {
  if (typeof value !== 'object' || value === null)
    throw new Error('The template has another shape.');
  return value;
}
