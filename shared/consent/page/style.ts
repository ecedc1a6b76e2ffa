/** The pages' only style sheet, inline; the Content-Security-Policy allows exactly this text by its hash. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --ground: #f3f5f8; --line: #d5dae1;
  --good: #0b6a3b; --wait: #0b5394; --warn: #8a4b00; --bad: #a4262c; --quiet: #4d5663; --link: #0b5394; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f5; --paper: #1d2127; --ground: #121519;
  --line: #3a424d; --good: #5fd39a; --wait: #7db7f0; --warn: #f0b35a; --bad: #ff8f8f; --quiet: #aab4c0; --link: #8ec1f5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink); font: 1.0625rem/1.55 system-ui, "Segoe UI", sans-serif; }
main { width: min(40rem, 100%); background: var(--paper); border: 1px solid var(--line);
  border-top: .375rem solid var(--tone); border-radius: .5rem; padding: clamp(1.25rem, 4vw, 2.5rem); }
.good { --tone: var(--good); } .wait { --tone: var(--wait); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 .75rem; }
dl { margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9375rem; }
dt { color: var(--quiet); } dd { margin: 0 0 .625rem; overflow-wrap: anywhere; }
.action { display: inline-block; margin: .5rem 0; padding: .625rem 1.125rem; border-radius: .375rem;
  background: var(--link); color: var(--paper); font-weight: 600; text-decoration: none; }
.action:focus-visible { outline: .1875rem solid var(--ink); outline-offset: .1875rem; }
footer { margin-top: 1.25rem; font-size: .875rem; color: var(--quiet); }
`;
