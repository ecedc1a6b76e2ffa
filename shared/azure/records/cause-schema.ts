import * as v from 'valibot';
import { CAUSES } from '../../tokens/failure-table.ts';

/** A cause as rows hold it; one that this version does not know is none. */
export const causeSchema = v.picklist(CAUSES);
