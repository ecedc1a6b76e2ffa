import type { Tool } from '../tool.ts';
import { getCustomerTool, listCustomersTool } from './customers.ts';
import { getHuntTool, huntResultsTool, startHuntTool } from './hunts.ts';
import {
  getIncidentTool,
  incidentChangesTool,
  searchIncidentsTool,
  updateIncidentTool,
} from './incidents.ts';

/** Every tool, in the order in which agents see them. None answers a token. */
export const TOOLS: readonly Tool[] = [
  listCustomersTool,
  getCustomerTool,
  searchIncidentsTool,
  getIncidentTool,
  incidentChangesTool,
  updateIncidentTool,
  startHuntTool,
  getHuntTool,
  huntResultsTool,
];
