import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../local/host/settings.ts';

describe('a setting between percent signs', () => {
  it('is replaced by its value', () => {
    expect(resolveSettings('a-%X%-%Y%', { X: '1', Y: '%X%' })).toBe('a-1-%X%');
  });

  it('that is missing is named', () => {
    expect(() => resolveSettings('%MISSING%', {})).toThrow("'%MISSING%' does not resolve");
  });
});
