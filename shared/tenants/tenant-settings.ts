import * as v from 'valibot';

/**
 * What operators group tenants by; no GUID: a tenant's id in the tag of another would outlive its
 * offboarding.
 */
export const TAG = /^(?!\w{8}-?(?:\w{4}-?){3}\w{12}$)[a-z0-9][a-z0-9-]{0,39}$/;

/** A tag of a tenant. */
export const tagSchema = v.pipe(
  v.string(),
  v.regex(TAG, 'Use 1 to 40 lower-case letters, digits and hyphens.'),
);

/** The name that people give a tenant. */
export const displayNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const MAX_TAGS = 20;

/** The feed keeps an incident so long in any case: a shorter promise would not be true. */
const MIN_INCIDENT_RETENTION_DAYS = 30;
const MAX_INCIDENT_RETENTION_DAYS = 3650;

const incidentRetentionDaysSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(MIN_INCIDENT_RETENTION_DAYS),
  v.maxValue(MAX_INCIDENT_RETENTION_DAYS),
);

/** How a value is stored, shown and typed. */
export type SettingKind = 'text' | 'words' | 'number';

/** Something that an operator may set for a tenant. */
interface SettingRecord {
  /** Its name in the API and in audit events. */
  readonly name: string;
  readonly kind: SettingKind;
  /** In front of its field in the console. */
  readonly label: string;
  /** What the API takes; `v.nullable(…)`, where an operator may take the value back. */
  readonly schema: v.GenericSchema;
  /** Audit events say the value. They outlive an offboarding. */
  readonly isAudited: boolean;
  /** Grants depend on it: a change reaches every process within seconds. */
  readonly isDecisive: boolean;
}

/**
 * What an operator may set for a tenant, by its name in the tenant and in its row. A new setting is
 * an entry here, and the place that uses it: the row, `PATCH /tenants/{tenant}`, its answer, the
 * description of the API, audit events and the console's form follow.
 */
const TENANT_SETTINGS = {
  displayName: {
    name: 'display_name',
    kind: 'text',
    label: 'Name',
    schema: displayNameSchema,
    isAudited: false,
    isDecisive: false,
  },
  tags: {
    name: 'tags',
    kind: 'words',
    label: 'Tags',
    schema: v.pipe(v.array(tagSchema), v.maxLength(MAX_TAGS)),
    isAudited: true,
    isDecisive: true,
  },
  incidentRetentionDays: {
    name: 'incident_retention_days',
    kind: 'number',
    label: 'Days that incidents are kept',
    schema: v.nullable(incidentRetentionDaysSchema),
    isAudited: true,
    isDecisive: false,
  },
} as const satisfies Readonly<Record<string, SettingRecord>>;

type Settings = typeof TENANT_SETTINGS;

/** A setting by its name in the tenant. */
export type SettingKey = keyof Settings;

interface ValueOf {
  readonly text: string | undefined;
  readonly words: readonly string[];
  readonly number: number | undefined;
}

/** The settings of a tenant; texts and numbers may be unset. */
export type TenantSettings = {
  readonly [Key in SettingKey]: ValueOf[Settings[Key]['kind']];
};

/** A change of settings: what is left out stays, `null` takes a value back. */
export type SettingsPatch = {
  readonly [Key in SettingKey]?: TenantSettings[Key] | null | undefined;
};

/** The settings under their names in the API. */
type SettingsJson = {
  readonly [Key in SettingKey as Settings[Key]['name']]: TenantSettings[Key];
};

/** The same in a request: what is left out stays. */
export type SettingsInput = {
  readonly [Key in SettingKey as Settings[Key]['name']]?: v.InferOutput<Settings[Key]['schema']>;
};

type ListedSetting = SettingRecord & {
  readonly key: SettingKey;
  readonly name: Settings[SettingKey]['name'];
};

/** Each setting with its key. */
export const SETTINGS: readonly ListedSetting[] = Object.entries(TENANT_SETTINGS).map(
  ([key, record]) => ({ ...record, key: key as SettingKey }),
);

/** The settings of a tenant for which nobody has set anything. */
export function createSettings(): TenantSettings {
  return mapSettings(({ kind }) => toUnset(kind)) as TenantSettings;
}

/** The settings of a tenant, and nothing else of it. */
export function pickSettings(tenant: TenantSettings): TenantSettings {
  return mapSettings(({ key }) => tenant[key]) as TenantSettings;
}

/** The settings after a change. */
export function patchSettings(settings: TenantSettings, patch: SettingsPatch): TenantSettings {
  return mapSettings(({ key, kind }) => {
    const value = patch[key];
    if (value === undefined) return settings[key];
    return value ?? toUnset(kind);
  }) as TenantSettings;
}

/** The settings as the API shows them. */
export function toSettingsJson(settings: TenantSettings): SettingsJson {
  return Object.fromEntries(SETTINGS.map(({ key, name }) => [name, settings[key]])) as SettingsJson;
}

/** What a request changes, after its check by the schemas above; a word counts once. */
export function toSettingsPatch(input: object): SettingsPatch {
  const values = new Map<string, unknown>(Object.entries(input));
  return mapSettings(({ name }) => {
    const value = values.get(name);
    return Array.isArray(value) ? [...new Set(value)] : value;
  }) as SettingsPatch;
}

/** A setting as one text, for people: words in their order. */
export function toSettingText(value: TenantSettings[SettingKey] | number): string {
  return typeof value === 'object' ? value.join(' ') : String(value ?? '');
}

function mapSettings(make: (setting: ListedSetting) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(SETTINGS.map((record) => [record.key, make(record)]));
}

function toUnset(kind: SettingKind): readonly string[] | undefined {
  return kind === 'words' ? [] : undefined;
}
