/** Template ids of directory roles ("Microsoft Entra built-in roles"). */
const TEMPLATES: Readonly<Record<string, string>> = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'Application Administrator': '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'Cloud Application Administrator': '158c047a-c907-4556-b7ef-446551a6b5f7',
  'Security Administrator': '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'Security Reader': '5d6b6bb7-de71-4623-b4af-96380a352509',
};

/** What every member of a directory has in \`wids\`, whatever its roles. */
const MEMBER = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

/** The claim \`wids\` of a member with these roles; a wrong set-up throws. */
export function toRoleTemplates(roles: readonly string[]): readonly string[] {
  const templates = roles.map((role) => {
    const template = TEMPLATES[role];
    if (template === undefined) throw new Error(`There is no directory role ${role}`);
    return template;
  });
  return [...templates, MEMBER];
}
