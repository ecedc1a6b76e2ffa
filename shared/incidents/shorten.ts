import type { Incident } from './incident.ts';

const SHORT = 256;
const LONG = 1000;
const MAX_TAGS_COUNT = 50;
const MAX_COMMENTS_COUNT = 10;

/**
 * An incident of less than 200 KB as JSON, whatever it held: texts are cut, and of tags and
 * comments the last are left.
 */
export function shorten(incident: Incident): Incident {
  const cut = (text: string, length = SHORT) => text.slice(0, length).toWellFormed();
  return {
    ...incident,
    name: cut(incident.name, LONG),
    severity: cut(incident.severity),
    status: cut(incident.status),
    classification: cut(incident.classification),
    determination: cut(incident.determination),
    assignedTo: incident.assignedTo === undefined ? undefined : cut(incident.assignedTo),
    tags: incident.tags.slice(-MAX_TAGS_COUNT).map((tag) => cut(tag)),
    comments: incident.comments
      .slice(-MAX_COMMENTS_COUNT)
      .map(({ comment, createdBy, createdAt }) => ({
        comment: cut(comment, LONG),
        createdBy: createdBy === undefined ? undefined : cut(createdBy),
        createdAt,
      })),
  };
}
