import * as v from 'valibot';
import { SETTINGS, type SettingKind, type TenantSettings } from '../../tenants/tenant-settings.ts';

/** A row may hold more than the API takes: limits that came later make no row unreadable. */
const CELLS: Readonly<Record<SettingKind, v.GenericSchema>> = {
  text: v.optional(v.string()),
  words: v.pipe(v.optional(v.string(), '[]'), v.parseJson(), v.array(v.string())),
  number: v.optional(v.number()),
};

const cellsSchema = v.object(
  Object.fromEntries(SETTINGS.map(({ key, kind }) => [key, CELLS[kind]])),
);

/** The settings of a tenant as columns of its row. */
export function toSettingCells(
  tenant: TenantSettings,
): Readonly<Record<string, string | number | undefined>> {
  return Object.fromEntries(
    SETTINGS.map(({ key }) => {
      const value = tenant[key];
      return [key, typeof value === 'object' ? JSON.stringify(value) : value];
    }),
  );
}

/** Reads the settings of a row; throws where they can't be read. */
export function parseSettingCells(row: object): TenantSettings {
  return v.parse(cellsSchema, row) as TenantSettings;
}
