/**
 * The pages' only style sheet, inline; the Content-Security-Policy allows exactly this text by its
 * hash.
 */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f26; --quiet: #505a68; --paper: #fff; --ground: #f2f4f7; --line: #dde2e9;
  --accent: #0f548c; --on-accent: #fff; --good: #0e6b3d; --wait: #0f548c; --warn: #8a4b00; --bad: #a3262c;
  --mark: #fdf0d9; --mark-ink: #6b3a00; --mark-line: #e6c486; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9edf2; --quiet: #a5b0bd; --paper: #1b2027; --ground: #11151a;
  --line: #333c47; --accent: #8cc2f2; --on-accent: #0c1a27; --good: #63d39c; --wait: #8cc2f2; --warn: #efb65f; --bad: #ff9a97;
  --mark: #3a2c14; --mark-ink: #f6cf8f; --mark-line: #6d5426; } }
* { box-sizing: border-box; }
body { margin: 0; padding: clamp(1rem, 4vw, 3rem) 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 "Segoe UI", system-ui, -apple-system, "Noto Sans", "Liberation Sans", sans-serif; overflow-wrap: break-word; }
main { max-width: 42rem; margin: 0 auto; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem;
  padding: clamp(1.5rem, 5vw, 3rem); }
main::before { content: ""; display: block; width: 2.5rem; height: .25rem; margin-bottom: 1.25rem; border-radius: .125rem; background: var(--tone); }
@media (max-width: 34rem) { body { padding: 0; background: var(--paper); } main { border: 0; border-radius: 0; } }
.by { margin: 0 0 .25rem; font-weight: 600; color: var(--quiet); }
h1 { margin: 0 0 1rem; font-size: clamp(1.4375rem, 1.2rem + 1.2vw, 1.75rem); line-height: 1.25; font-weight: 650; text-wrap: balance; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.125rem; line-height: 1.35; font-weight: 650; }
p { margin: 0 0 .75rem; }
.lead { font-size: 1.0625rem; }
.good { --tone: var(--good); } .wait { --tone: var(--wait); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); } .ask { --tone: var(--accent); }
dl { margin: 1.5rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--line); display: grid; grid-template-columns: minmax(9rem, max-content) 1fr;
  gap: .375rem 1.25rem; font-size: .9375rem; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; } dd code { display: inline-block; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .625rem; } }
ul { margin: .75rem 0 0; padding: 0; list-style: none; }
.permissions li { padding: .875rem 0; border-top: 1px solid var(--line); }
.permissions p { margin: 0; }
.permissions .role { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; margin-top: .5rem; font-size: .875rem; color: var(--quiet); }
code { font: .9375em/1.4 ui-monospace, "Cascadia Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
.mark { padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: 1rem;
  font-size: .8125rem; line-height: 1.5; color: var(--quiet); }
.mark.changes, .mark.unknown { background: var(--mark); border-color: var(--mark-line); color: var(--mark-ink); font-weight: 600; }
.limits li { position: relative; padding: .1875rem 0 .1875rem 1.625rem; }
.limits li::before { content: "\\2715" / ""; position: absolute; left: .125rem; color: var(--quiet); font-size: .875em; }
.go { margin: 2.25rem 0 0; }
button, .action { display: inline-block; margin: 0 0 .75rem; padding: .75rem 1.5rem; border: 0; border-radius: .375rem; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
@media (max-width: 34rem) { button, .action { display: block; width: 100%; } }
button:hover, .action:hover { filter: brightness(1.12); }
a { color: var(--accent); text-underline-offset: .15em; }
.action { color: var(--on-accent); }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; }
.note { font-size: .9375rem; color: var(--quiet); }
footer { margin-top: 2.25rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--quiet);
  display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
@media (forced-colors: active) { .mark { border: 1px solid; } button, .action { border: 1px solid; } }
@media print { body { background: none; padding: 0; } main { border: 0; padding: 0; } form { display: none; } }
`;
